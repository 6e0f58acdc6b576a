// Directories on the BPF file system are made with the first pin in them, and go with the last.

import { rmdirSync } from 'node:fs';

/** Leaves one that has something in it, as another process may just have pinned there. */
export function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY') throw error;
  }
}
