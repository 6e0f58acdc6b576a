// A file replaced as a whole: whoever opens it sees the old text or the new one, also when this process is killed.

import {
  chownSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';

/** Keeps mode and owner; of a symbolic link the file that it names is replaced. Throws what the system says. */
export function replaceFile(path: string, text: string): void {
  const target = realpathSync(path);
  const { mode, uid, gid } = statSync(target);
  const next = `${target}.${process.pid}.next`;
  try {
    const file = openSync(next, 'wx', mode);
    try {
      writeFileSync(file, text);
      fchmodSync(file, mode);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    chownSync(next, uid, gid);
    renameSync(next, target);
  } finally {
    // Gone when all went well.
    rmSync(next, { force: true });
  }
}
