// Instances of classifiers that no rule in force names any more: their pins go, and with them the kernel's objects. What
// a rule still names keeps its program whatever becomes of the pins, but not its readers: so only what is not in force
// may be given up.

import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listPins, unpin } from '../../ebpf/bpffs';
import { removeEmpty } from '../empty-directory';
import { ROOT } from '../pin';
import { isGone } from '../target';
import { CLASSIFIERS, classifierUserDirectory } from './place';

/** The user's instances, complete or not, as directories. */
export function listInstances(user: string): string[] {
  const directory = classifierUserDirectory(user);
  return listPins(directory).map(name => join(directory, name));
}

/** These go, and all of users whose namespace is gone. Twice is harmless. */
export function releaseInstances(instances: readonly string[]): void {
  for (const directory of instances) release(directory);
  for (const user of listPins(CLASSIFIERS).filter(isGone)) releaseUser(user);
  for (const directory of [CLASSIFIERS, ROOT]) removeEmpty(directory);
}

/** Also the directory that a killed process may have made and left empty. */
export function releaseUser(user: string): void {
  for (const directory of listInstances(user)) release(directory);
  removeEmpty(classifierUserDirectory(user));
}

function release(directory: string): void {
  for (const name of pinsIn(directory)) unpin(join(directory, name));
  removeEmpty(directory);
  removeEmpty(dirname(directory));
}

/** None where another process has given it up meanwhile. */
function pinsIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
