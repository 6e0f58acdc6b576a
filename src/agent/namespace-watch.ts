// Names of namespaces that come and go below /run/netns. Sockets keep a deleted namespace alive and hear nothing of it, so
// its file is watched.

import { type FSWatcher, mkdirSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { namespacePath } from '../netns/namespace';

export interface NamespaceWatch {
  /** Calling twice is harmless. */
  close(): void;
}

/** `on` is given each name, often more than once. Where watching fails (no descriptor is left) it is tried again. */
export function watchNamespaces(retryEvery: number, on: (name: string) => void): NamespaceWatch {
  let watcher: FSWatcher | undefined;
  let retry: NodeJS.Timeout | undefined;
  const again = () => {
    watcher?.close();
    retry = setTimeout(begin, retryEvery);
  };
  const begin = () => {
    try {
      // As `ip netns add` makes it.
      const directory = dirname(namespacePath('any'));
      mkdirSync(directory, { recursive: true });
      watcher = watch(directory, (_, name) => name !== null && on(name)).on('error', again);
    } catch {
      // The periodic look at every account finds what this would have told.
      again();
    }
  };
  begin();
  return {
    close() {
      clearTimeout(retry);
      watcher?.close();
    },
  };
}
