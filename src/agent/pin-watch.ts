// The directories that hold an account's pins. Rules go on without these, but readers and the next process do not find what
// they hold; so their removal is noticed. What the agent itself pins and unpins is noticed too, and looked at once more.

import { existsSync, type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../plan';
import { classifierUserDirectory } from '../reconcile/classifier/place';
import { PROGRAMS, userDirectory } from '../reconcile/pin';
import { programUser, type Target } from '../reconcile/target';

export interface PinWatch {
  /** Calling twice is harmless. */
  close(): void;
}

/** As the directories are now: after every change they are watched anew. */
export function watchPins(target: Target, { programs, classifiers }: Plan, on: () => void): PinWatch {
  const watchers: FSWatcher[] = [];
  const add = (directory: string, concerns: (name: string) => boolean) => {
    if (!existsSync(directory)) return;
    const watcher = watch(directory, { persistent: false }, (_, name) => {
      if (name === null || concerns(name)) on();
    });
    // The periodic look finds what it would have told.
    watchers.push(watcher.on('error', () => watcher.close()));
  };
  const user = programUser(target);
  if (programs.size > 0) {
    add(PROGRAMS, name => programs.has(name));
    add(userDirectory(user), () => true);
  }
  if (classifiers.ip !== undefined || classifiers.ip6 !== undefined)
    for (const directory of instancesOf(user)) add(directory, () => true);
  return {
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}

function instancesOf(user: string): readonly string[] {
  const directory = classifierUserDirectory(user);
  return existsSync(directory) ? [directory, ...readdirSync(directory).map(name => join(directory, name))] : [];
}
