// Other programs: the peers, and the small ones in C that `make bench-build` compiles.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BUILD } from './place';

const LARGEST_OUTPUT = 1 << 30;

/** Its output. Rejects with what it wrote on stderr where it fails. */
export async function run(command: string, ...parameters: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, parameters, { maxBuffer: LARGEST_OUTPUT });
  return stdout;
}

export function runBuilt(program: 'meter' | 'send' | 'timed', ...parameters: readonly string[]): Promise<string> {
  return run(join(BUILD, program), ...parameters);
}

/** Inside a network namespace. */
export function runIn(namespace: string, command: string, ...parameters: readonly string[]): Promise<string> {
  return run('nsenter', `--net=/run/netns/${namespace}`, command, ...parameters);
}

/** Milliseconds from the command's start to its end, without Node's part in starting it. '-' is our own namespace. */
export async function timed(namespace: string, command: string, ...parameters: readonly string[]): Promise<number> {
  return Number(await runBuilt('timed', namespace, command, ...parameters)) / 1e6;
}
