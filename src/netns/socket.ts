// Opening sockets inside a named namespace: a missing or foreign one is told from every other failure.

import { native, type Socket, type SocketOptions } from '../native';
import { missing, namespacePath } from './namespace';
import { withCure } from './namespace-error';

/** No thread's namespace changes; the socket stays where it was opened, and keeps that namespace alive. */
export function openSocketIn(namespace: string, options: Omit<SocketOptions, 'netns'>): Socket {
  return openIn(namespace, netns => new native.Socket({ ...options, netns }));
}

/** For whatever opens sockets itself: `open` is given the namespace's path. */
export function openIn<T>(namespace: string, open: (netns: string) => T): T {
  const netns = namespacePath(namespace);
  return withCure(
    `open a socket in network namespace ${namespace}`,
    namespace,
    ({ code, syscall }) => {
      if (code === 'ENOENT' && syscall === 'open') return missing(namespace);
      if (code === 'EINVAL' && syscall === 'setns') return `${netns} is no network namespace; delete the file`;
      return undefined;
    },
    () => open(netns),
  );
}
