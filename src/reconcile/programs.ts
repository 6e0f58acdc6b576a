// Programs on their way into the kernel and out of it. Pinned before the transaction that names them, given up after the
// one that no longer does: the kernel's rules hold programs themselves, so in between nothing can go missing.

import { rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ObjectCache, objectOf } from '../backend/ebpf/object-cache';
import type { Program } from '../backend/ebpf/program';
import { ensureBpffs, listPins, pin, unpin } from '../ebpf/bpffs';
import { loadBpfObject, openBpfObject } from '../ebpf/object';
import { openPinnedProgram } from '../ebpf/program';
import type { BpfProgram } from '../native';
import { BPFFS, PROGRAMS, programPin, ROOT, USERS, userDirectory } from './pin';
import { isGone } from './target';

/** The function's name in every program's text. */
const ENTRY = 'rampart';

export interface Installed {
  /** Names of programs that this call loaded. */
  readonly loaded: readonly string[];
  /** Whether it had to mount the BPF file system. */
  readonly mounted: boolean;
}

/**
 * Pins the programs for a user, loading those that are not there. The user's pin comes before the common one, so that
 * sweep() in another process sees a use before there is anything to sweep. Twice is harmless.
 */
export async function installPrograms(
  programs: Iterable<Program>,
  user: string,
  cache: ObjectCache,
): Promise<Installed> {
  const wanted = [...programs];
  if (wanted.length === 0) return { loaded: [], mounted: false };
  const objects = new Map<string, Buffer>();
  const present = new Set(listPins(PROGRAMS));
  for (const program of wanted) {
    if (!present.has(program.name)) objects.set(program.name, await objectOf(program, cache));
  }
  const mounted = ensureBpffs(BPFFS);
  for (const { name } of wanted) await installProgram(name, user, objects.get(name));
  return { loaded: [...objects.keys()], mounted };
}

async function installProgram(name: string, user: string, object: Buffer | undefined): Promise<void> {
  const program = object === undefined ? openPinnedProgram(programPin(name)) : await load(name, object);
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

/** Pins are content-addressed: one that is there already is the same program. */
function pinOnce(program: BpfProgram, path: string): void {
  try {
    pin(program, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
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

function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY') throw error;
  }
}
