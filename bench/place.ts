// Where things lie: the project, what `make bench-build` has built, data beside the project that may be absent.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ObjectCache } from '../src/backend/ebpf/object-cache';

export const PROJECT = projectRoot();
export const BUILD = join(PROJECT, 'build', 'bench');
/** Rulesets and captures that are kept beside the project, not in it. */
export const SHARED = join(PROJECT, '..', 'shared');

export const OBJECT_CACHE: ObjectCache = {
  directory: join(BUILD, 'cache'),
  include: join(PROJECT, 'bpf', 'include'),
  clang: process.env.CLANG ?? 'clang',
};

/** Runs with a directory of its own, for files that other programs read. */
export async function withScratchDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(BUILD, 'scratch-'));
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function projectRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
