// Programs on their way into the kernel and out of it. Pinned before the transaction that names them, given up after the
// one that no longer does: the kernel's rules hold programs themselves, so in between nothing can go missing.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ObjectCache, objectOf } from '../backend/ebpf/object-cache';
import type { Program } from '../backend/ebpf/program';
import { ensureBpffs, listPins, unpin } from '../ebpf/bpffs';
import { loadBpfObject, openBpfObject } from '../ebpf/object';
import { openPinnedProgram } from '../ebpf/program';
import type { BpfProgram } from '../native';
import { removeEmpty } from './empty-directory';
import { BPFFS, PROGRAMS, programPin, ROOT, USERS, userDirectory } from './pin';
import { pinOnce } from './pin-once';
import { isGone } from './target';

/** The function's name in every program's text. */
export const ENTRY = 'rampart';

/**
 * Pins the programs for a user, loading those that are not there. The user's pin comes before the common one, so that
 * sweep() in another process sees a use before there is anything to sweep. Twice is harmless. Resolves to the names of
 * those that it loaded.
 */
export async function installPrograms(
  programs: Iterable<Program>,
  user: string,
  cache: ObjectCache,
): Promise<string[]> {
  const wanted = [...programs];
  if (wanted.length === 0) return [];
  const objects = new Map<string, Buffer>();
  // clang takes long, and needs no kernel: what is missing is compiled before anything is mounted or pinned.
  for (const program of wanted) {
    if (!existsSync(programPin(program.name))) objects.set(program.name, await objectOf(program, cache));
  }
  ensureBpffs(BPFFS);
  const loaded: string[] = [];
  for (const program of wanted) {
    const pinned = openIfPinned(program);
    if (pinned === undefined) loaded.push(program.name);
    // Another process may have given the program up since it was looked for.
    const object = async () => objects.get(program.name) ?? objectOf(program, cache);
    pinForUser(pinned ?? (await load(program.name, await object())), program.name, user);
  }
  return loaded;
}

function openIfPinned({ name }: Program): BpfProgram | undefined {
  try {
    return openPinnedProgram(programPin(name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Closes the program: its pins hold it. */
function pinForUser(program: BpfProgram, name: string, user: string): void {
  try {
    pinOnce(program, join(userDirectory(user), name));
    pinOnce(program, programPin(name));
  } finally {
    program.close();
  }
}

async function load(name: string, elf: Buffer): Promise<BpfProgram> {
  const object = openBpfObject(elf, name);
  try {
    await loadBpfObject(object, name);
    return object.program(ENTRY);
  } finally {
    object.close();
  }
}

/** The user keeps only these programs; what no user has any more is unpinned, and empty directories go. */
export function releasePrograms(user: string, kept: Iterable<string>): void {
  const wanted = new Set(kept);
  for (const name of listPins(userDirectory(user))) if (!wanted.has(name)) unpin(join(userDirectory(user), name));
  sweep();
}

function sweep(): void {
  for (const user of listPins(USERS)) {
    if (isGone(user)) for (const name of listPins(userDirectory(user))) unpin(join(userDirectory(user), name));
    removeEmpty(userDirectory(user));
  }
  const used = new Set(listPins(USERS).flatMap(user => listPins(userDirectory(user))));
  for (const name of listPins(PROGRAMS)) if (!used.has(name)) unpin(programPin(name));
  for (const directory of [USERS, PROGRAMS, ROOT]) removeEmpty(directory);
}
