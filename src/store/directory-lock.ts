// One process at a time has a folder.

import { join } from 'node:path';
import { lockFile } from '../file-lock';
import { StoreError } from './store-error';

export interface DirectoryLock {
  /** Calling twice is harmless. */
  release(): void;
}

/** Throws StoreError where another process has it. */
export function lockDirectory(directory: string): DirectoryLock {
  const lock = lockFile(join(directory, 'lock'));
  if (lock.kind === 'locked') return lock;
  throw new StoreError(
    'store.locked',
    `${directory} is in use by process ${lock.holder}`,
    'stop that process, or name another folder with --data',
  );
}
