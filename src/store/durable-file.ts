// Files and folders whose change is on the disk when the call returns: whoever looks after a crash finds the old or the new.

import { mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a crash may leave beside a file; the next write of that file uses it again. */
export const UNFINISHED = '.next';

/** Creates or replaces. Nobody else may write that file meanwhile. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const next = `${path}${UNFINISHED}`;
  const file = await open(next, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await renameDurably(next, path);
}

export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}

/** A folder that only the owner may look into. One that is there stays as it is. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  // Each new one's name stands in the folder above it.
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) await syncFolder(dirname(folder));
}

/** Names of files are on the disk only when their folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(join(path, '.'), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
