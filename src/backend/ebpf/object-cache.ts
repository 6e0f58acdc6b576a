// Compiled programs on disk, by a hash of everything that went into them. A file is written under another name and then
// renamed, so that it is either whole or not there, whatever interrupts the writing.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BLOCKS_IN_ORDER, CLANG_FLAGS, clangArguments } from './clang';
import { CompilerError } from './compiler-error';
import type { Program } from './program';

export interface ObjectCache {
  /** Where the objects are kept; made when missing. */
  readonly directory: string;
  /** bpf/include of this installation. */
  readonly include: string;
  /** The compiler's name or path. */
  readonly clang: string;
}

/** The ELF object of a program, compiled unless it is in the cache. Rejects with CompilerError. */
export async function objectOf(program: Program, cache: ObjectCache): Promise<Buffer> {
  const path = join(cache.directory, `${cacheKey(program, cache)}.o`);
  return readIfThere(path) ?? COMPILING.get(path) ?? compileAndKeep(program, cache, path);
}

/** By path: many accounts may need one program at once. */
const COMPILING = new Map<string, Promise<Buffer>>();

function compileAndKeep(program: Program, cache: ObjectCache, path: string): Promise<Buffer> {
  const compiling = compileObject(program, cache)
    .then(object => {
      keep(path, object);
      return object;
    })
    .finally(() => COMPILING.delete(path));
  COMPILING.set(path, compiling);
  return compiling;
}

function cacheKey(program: Program, { include }: ObjectCache): string {
  const headers = join(include, 'rampart');
  const hash = createHash('sha256')
    .update([...CLANG_FLAGS, ...flagsOf(program)].join(' '))
    .update(program.text);
  for (const header of readdirSync(headers).sort()) hash.update(header).update(readFileSync(join(headers, header)));
  return hash.digest('hex').slice(0, 32);
}

function flagsOf({ blocksInOrder }: Program): readonly string[] {
  return blocksInOrder === true ? BLOCKS_IN_ORDER : [];
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CompilerError('cache', `${path} cannot be read`, 'make it readable, or name another --cache', error);
  }
}

/** `clang -target bpf`, text in by standard input, object out by a temporary file beside the cached ones. */
async function compileObject(program: Program, cache: ObjectCache): Promise<Buffer> {
  const output = temporary(cache.directory, program.name);
  makeDirectory(cache.directory);
  const running = promisify(execFile)(cache.clang, clangArguments([cache.include], output, flagsOf(program)));
  // A signal ends the process by exit(), which no finally sees; clang would go on and write.
  const abandon = (): void => {
    running.child.kill('SIGKILL');
    rmSync(output, { force: true });
  };
  process.once('exit', abandon);
  try {
    running.child.stdin?.end(program.text);
    await running;
    return readFileSync(output);
  } catch (error) {
    throw compilerFailure(cache, error as NodeJS.ErrnoException & { stderr?: string });
  } finally {
    process.off('exit', abandon);
    rmSync(output, { force: true });
  }
}

function compilerFailure(cache: ObjectCache, error: NodeJS.ErrnoException & { stderr?: string }): CompilerError {
  if (error.code === 'ENOENT') {
    return new CompilerError(
      'missing',
      `${cache.clang} is not installed`,
      'install it: apt-get install clang; or give --backend nft, where nftables can say all rules',
      error,
    );
  }
  const said = error.stderr?.trim() ?? '';
  if (/No space left on device/.test(said)) return fullDisk(cache.directory, error);
  if (/unable to open output file/.test(said)) {
    const cure = 'make it writable, or name another --cache';
    return new CompilerError('cache', `${cache.directory} cannot be written`, cure, error);
  }
  return new CompilerError(
    'refused',
    `${cache.clang} refused the program: ${said || error.message}`,
    'report it',
    error,
  );
}

function keep(path: string, object: Buffer): void {
  const partial = `${path}.${process.pid}.partial`;
  try {
    writeFileSync(partial, object);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC'
      ? fullDisk(path, error)
      : new CompilerError('cache', `${path} cannot be written`, 'make it writable, or name another --cache', error);
  }
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new CompilerError('cache', `${directory} cannot be made`, 'make it writable, or name another --cache', error);
  }
}

function fullDisk(path: string, cause: unknown): CompilerError {
  return new CompilerError('cache', `no space is left for ${path}`, 'free some, or name another --cache', cause);
}

function temporary(directory: string, name: string): string {
  return join(directory, `${name}.${process.pid}.compiling`);
}
