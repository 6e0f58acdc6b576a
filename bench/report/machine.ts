// What figures are true of: the machine, its kernel and the versions of both sides.

import { cpus, release, totalmem } from 'node:os';
import { run } from '../process';

export interface Machine {
  readonly cpu: string;
  readonly cpus: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  readonly nft: string;
  readonly iptables: string;
  readonly ip: string;
  readonly clang: string;
}

export async function describeMachine(): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cpus: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    nft: await firstLine('nft', '--version'),
    iptables: await firstLine('iptables', '--version'),
    ip: await firstLine('ip', '-V'),
    clang: await firstLine('clang', '--version'),
  };
}

async function firstLine(command: string, parameter: string): Promise<string> {
  return (await run(command, parameter)).split('\n')[0] ?? '';
}
