// kill -9 of an agent at any moment: the kernel goes on filtering, and the next agent finds what is there, goes on from it,
// and brings every account to what is desired.

import { spawnSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { readCounters } from '../../src/reconcile/counters';
import { realmOf, removeRealm, startWatched, type Watched } from './agent-events';
import { desired, documentText } from './documents';
import { type AgentProcess, startProcess } from './start-process';

const REALM = realmOf('kill');
const ACCOUNTS = ['a', 'b', 'c'];
const KILLS = 12;
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

let watched: Watched | undefined;
let child: AgentProcess | undefined;

afterEach(async () => {
  await child?.kill();
  await watched?.agent.close();
  await removeRealm(REALM);
});

test('counters and rules stay, and the next change counts on', async () => {
  const rules = { dns: 'udp.dstport == 7001', other: 'udp.dstport == 7002' };
  child = startProcess({ realm: REALM });
  child.put(documentText('a', rules), 1);
  for await (const { kind } of child.events) if (kind === 'in_force') break;
  inNamespace('ip link set lo up; for i in 1 2 3; do echo > /dev/udp/127.0.0.1/7001; done');
  await child.kill();
  const before = inNamespace('nft -a list ruleset');
  inNamespace('echo > /dev/udp/127.0.0.1/7001');
  watched = startWatched(REALM, [desired('a', 1, rules)]);
  expect(await watched.next('in_force')).toMatchObject({ version: 1, changes: [] });
  expect(handles(inNamespace('nft -a list ruleset'))).toEqual(handles(before));
  expect(await counts('a')).toEqual({ dns: 4n, other: 0n });
  await watched.agent.put(desired('a', 2, { first: 'udp.dstport == 7003', ...rules }));
  inNamespace('echo > /dev/udp/127.0.0.1/7001');
  expect(await counts('a')).toEqual({ first: 0n, dns: 5n, other: 0n });
});

test('whenever it is killed, the next one brings all accounts to what is desired', async () => {
  const random = generator(SEED);
  for (let version = 1; version <= KILLS; version++) {
    child = startProcess({ realm: REALM });
    for (const account of ACCOUNTS) child.put(documentText(account, rulesOf(version)), version);
    // It takes some 200 ms to start and as long for the accounts.
    await setTimeout(random() * 600);
    await child.kill();
    for (const account of ACCOUNTS) await expectWhole(account, version);
  }
  const last = ACCOUNTS.map(account => desired(account, KILLS + 1, rulesOf(KILLS + 1)));
  watched = startWatched(REALM, last);
  for (const account of ACCOUNTS) await watched.next('in_force', account);
  for (const account of ACCOUNTS) expect(Object.keys(await counts(account))).toEqual(refsOf(KILLS + 1));
}, 120_000);

/** Every second version needs a program. */
function rulesOf(version: number): Readonly<Record<string, string>> {
  const ports = Object.fromEntries(refsOf(version).map(ref => [ref, `udp.dstport == ${7000 + version}`]));
  return version % 2 === 0 ? ports : { ...ports, [`v${version}-0`]: `udp.payload contains "token-${version}"` };
}

function refsOf(version: number): string[] {
  return [0, 1, 2].map(each => `v${version}-${each}`);
}

/** All rules of one version, or no account at all. */
async function expectWhole(account: string, newest: number): Promise<void> {
  const inForce = Object.keys(await counts(account));
  const whole = [[], ...Array.from({ length: newest }, (_, each) => refsOf(each + 1))];
  expect({ seed: SEED, account, rules: whole }).toEqual({
    seed: SEED,
    account,
    rules: expect.arrayContaining([inForce]),
  });
}

function inNamespace(script: string): string {
  const command = [`--net=/run/netns/${REALM}-a`, 'bash', '-c', script];
  const { status, stdout, stderr } = spawnSync('nsenter', command, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function handles(ruleset: string): string[] {
  return ruleset.match(/handle [0-9]+/g) ?? [];
}

async function counts(account: string): Promise<Record<string, bigint>> {
  const namespace = `${REALM}-${account}`;
  if (spawnSync('test', ['-e', `/run/netns/${namespace}`]).status !== 0) return {};
  const { rules } = await readCounters({ namespace });
  return Object.fromEntries(rules.map(({ ref, packets }) => [ref, packets]));
}

/** Park and Miller's. */
function generator(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
}
