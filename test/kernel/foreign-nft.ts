// nft(8) in a namespace: somebody else than the processes whose tables are looked at.

import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';

/** EPERM: a process has the table. */
export const REFUSED = /Operation not permitted/;

/** Once the kernel has given up the tables, a little after who made them has closed its socket. */
export async function nft(namespace: string, commands: string): Promise<void> {
  for (;;) {
    const { status, stderr } = run(namespace, commands);
    if (status === 0) return;
    if (!REFUSED.test(stderr)) throw new Error(stderr);
    await setImmediate();
  }
}

/** What nft says. */
export function tryNft(namespace: string, commands: string): string {
  return run(namespace, commands).stderr;
}

/** With handles. */
export function listRuleset(namespace: string): string {
  return run(namespace, 'list ruleset').stdout;
}

function run(namespace: string, commands: string): SpawnSyncReturns<string> {
  const nft = ['nft', '--handle', '--file', '-'];
  return spawnSync('nsenter', [`--net=/run/netns/${namespace}`, ...nft], { input: commands, encoding: 'utf8' });
}
