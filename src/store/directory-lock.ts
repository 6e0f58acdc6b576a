// One process at a time has a folder. The kernel gives the lock up when the process ends, however it ends; the number in the
// file only tells others whom to look for.

import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { native } from '../native';
import { StoreError } from './store-error';

export interface DirectoryLock {
  /** Calling twice is harmless. */
  release(): void;
}

/** Throws StoreError where another process has it. */
export function lockDirectory(directory: string): DirectoryLock {
  const path = join(directory, 'lock');
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    if (!native.tryLockFile(fd)) {
      const holder = readFileSync(path, 'utf8').trim();
      throw new StoreError(
        'store.locked',
        `${directory} is in use by process ${holder === '' ? 'unknown' : holder}`,
        'stop that process, or name another folder with --data',
      );
    }
    // Of one length: where the disk is full it takes no more room.
    writeSync(fd, `${String(process.pid).padEnd(10)}\n`, 0);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  let held = true;
  return {
    release() {
      if (held) closeSync(fd);
      held = false;
    },
  };
}
