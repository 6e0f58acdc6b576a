// Opens a socket inside a named namespace, telling a missing or foreign one from every other failure.

import { native, type Socket, type SocketOptions } from '../native';
import { missing, namespacePath } from './namespace';
import { withCure } from './namespace-error';

/** No thread's namespace changes; the socket stays where it was opened, and keeps that namespace alive. */
export function openSocketIn(namespace: string, options: Omit<SocketOptions, 'netns'>): Socket {
  const netns = namespacePath(namespace);
  return withCure(
    `open a socket in network namespace ${namespace}`,
    namespace,
    ({ code, syscall }) => {
      if (code === 'ENOENT' && syscall === 'open') return missing(namespace);
      if (code === 'EINVAL' && syscall === 'setns') return `${netns} is no network namespace; delete the file`;
      return undefined;
    },
    () => new native.Socket({ ...options, netns }),
  );
}
