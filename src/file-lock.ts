// A file that one process at a time has. The kernel gives the lock up when the process ends, however it ends; the number in
// the file only tells others whom to look for.

import { closeSync, constants, fstatSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { native } from './native';

export type FileLocking =
  /** Calling `release` twice is harmless. */
  | { readonly kind: 'locked'; release(): void }
  /** By the process of that number; 'unknown' where it has not written it yet. */
  | { readonly kind: 'taken'; readonly holder: string };

/** The file is made where it is not there, and stays. */
export function lockFile(path: string): FileLocking {
  for (;;) {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      if (!native.tryLockFile(fd)) return taken(fd);
      if (isStillThere(fd, path)) {
        // Of one length: where the disk is full it takes no more room.
        writeSync(fd, `${String(process.pid).padEnd(10)}\n`, 0);
        return locked(fd);
      }
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    closeSync(fd);
  }
}

function taken(fd: number): FileLocking {
  const holder = readFileSync(fd, 'utf8').trim();
  closeSync(fd);
  return { kind: 'taken', holder: holder === '' ? 'unknown' : holder };
}

function locked(fd: number): FileLocking {
  let held = true;
  return {
    kind: 'locked',
    release() {
      if (held) closeSync(fd);
      held = false;
    },
  };
}

/** Whoever had it may have removed it after it was opened here: then others lock another one. */
function isStillThere(fd: number, path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(fd).ino;
}
