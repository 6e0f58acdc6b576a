// make bench-accounts: so many accounts under one agent, made, changed one by one, removed; what that takes in time, memory
// and descriptors. The agent's host is a namespace of the benchmark's own. Not a row of the table: nothing is beside it.

import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parseAccount } from '../../src/account/parse-account';
import { type Agent, startAgent } from '../../src/agent/agent';
import { DEFAULT_AGENT_SETTINGS } from '../../src/agent/agent-settings';
import type { Desired } from '../../src/agent/desired';
import { DEFAULT_OPTIONS } from '../../src/compile';
import { createNamespace, deleteNamespace, listNamespaces } from '../../src/netns/namespace';
import { median } from '../median';
import { benchNamespace } from '../namespace';
import { OBJECT_CACHE } from '../place';
import { runIn } from '../process';
import { accountText } from './account-text';
import { footprint, footprintWords } from './footprint';

const RULES = 20;
/** For the kernel to take apart what was removed. */
const REST_MS = 3000;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { accounts: { type: 'string', default: '1000' } } });
  const count = Number(values.accounts);
  const host = benchNamespace('host');
  const realm = benchNamespace('realm');
  createNamespace(host);
  // A gateway is looked for among local addresses, for which there is no table before there is one.
  await runIn(host, 'ip', 'link', 'set', 'lo', 'up');
  const agent = startAgent({
    settings: { ...DEFAULT_AGENT_SETTINGS, realm, host: { namespace: host } },
    compile: DEFAULT_OPTIONS,
    cache: OBJECT_CACHE,
    desired: [],
    tell: event => {
      if (event.kind === 'failed')
        process.stderr.write(`${event.account}: ${event.error.code} ${event.error.message}\n`);
    },
  });
  try {
    await measure(agent, count, realm);
  } finally {
    await Promise.all(agent.statuses().map(({ account }) => agent.remove(account)));
    await agent.close();
    deleteNamespace(host);
  }
}

async function measure(agent: Agent, count: number, realm: string): Promise<void> {
  const names = Array.from({ length: count }, (_, number) => `account-${number}`);
  // The first account of a process has JavaScript compiled, and the program compiled and kept.
  await agent.put(desired(count, 'first', 1));
  await agent.remove('first');
  const before = await footprint();

  const made = await milliseconds(async () => {
    await Promise.all(names.map((name, number) => inForce(agent, desired(number, name, 1))));
  });
  say(`made ${count} accounts with ${RULES} rules each`, made, made / count);
  const after = await footprint();
  for (const line of footprintWords(before, after, count)) process.stdout.write(`  ${line}\n`);

  const changes: number[] = [];
  for (const [number, name] of names.entries()) {
    changes.push(await milliseconds(() => inForce(agent, desired(number, name, 2))));
  }
  changes.sort((a, b) => a - b);
  const all = changes.reduce((sum, each) => sum + each, 0);
  say(`changed a rule of each, one account after the other`, all, median(changes));
  process.stdout.write(`  99 of 100 within ${(changes[Math.floor(0.99 * count)] as number).toFixed(2)} ms\n`);

  const looked = await milliseconds(async () => {
    await Promise.all(names.map((name, number) => inForce(agent, desired(number, name, 3))));
  });
  say('put the same again, all at once', looked, looked / count);

  const removed = await milliseconds(async () => {
    await Promise.all(names.map(name => agent.remove(name)));
  });
  say('removed them', removed, removed / count);
  await setTimeout(REST_MS);
  const left = listNamespaces().filter(name => name.startsWith(`${realm}-`));
  process.stdout.write(`  ${left.length} namespaces are left; against the start:\n`);
  for (const line of footprintWords(before, await footprint(), count)) process.stdout.write(`  ${line}\n`);
}

/** Version 2 has another port in one rule, and version 3 is the same as that. */
function desired(number: number, name: string, version: number): Desired {
  const reading = parseAccount(accountText(number, name, RULES, version > 1));
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
  return { account: reading.account, version };
}

async function inForce(agent: Agent, wanted: Desired): Promise<void> {
  const outcome = await agent.put(wanted);
  if (outcome.kind !== 'in_force') throw new Error(`${wanted.account.account} is ${outcome.kind}`);
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function say(what: string, all: number, each: number): void {
  process.stdout.write(`${what}: ${(all / 1000).toFixed(2)} s, ${each.toFixed(2)} ms an account\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? error}\n`);
  process.exitCode = 1;
});
