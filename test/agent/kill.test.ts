// kill -9 of an agent at any moment: the kernel goes on filtering, and the next agent finds what is there, goes on from it,
// and brings every account to what is desired.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { readCounters } from '../../src/reconcile/counters';
import { TEST_CACHE } from '../kernel/object-cache';
import { realmOf, removeRealm, startWatched, type Watched } from './agent-events';
import { desired, documentText } from './documents';

const REALM = realmOf('kill');
const ACCOUNTS = ['a', 'b', 'c'];
const KILLS = 12;
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

let watched: Watched | undefined;
let child: ChildProcess | undefined;

afterEach(async () => {
  child?.kill('SIGKILL');
  await watched?.agent.close();
  await removeRealm(REALM);
});

test('counters and rules stay, and the next change counts on', async () => {
  const rules = { dns: 'udp.dstport == 7001', other: 'udp.dstport == 7002' };
  child = startProcess();
  put(child, 'a', 1, rules);
  await eventOf(child, 'in_force');
  inNamespace('ip link set lo up; for i in 1 2 3; do echo > /dev/udp/127.0.0.1/7001; done');
  await killed(child);
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
    child = startProcess();
    for (const account of ACCOUNTS) put(child, account, version, rulesOf(version));
    // It takes some 200 ms to start and as long for the accounts.
    await setTimeout(random() * 600);
    await killed(child);
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

function startProcess(): ChildProcess {
  const settings = JSON.stringify({ realm: REALM });
  return spawn('node', [join(__dirname, 'agent-process.js'), settings, TEST_CACHE.directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

function put({ stdin }: ChildProcess, account: string, version: number, rules: Readonly<Record<string, string>>): void {
  stdin?.write(`${JSON.stringify({ text: documentText(account, rules), version })}\n`);
}

async function eventOf({ stdout }: ChildProcess, kind: string): Promise<void> {
  if (stdout === null) throw new Error('it has no standard output');
  for await (const line of createInterface({ input: stdout })) if (JSON.parse(line).kind === kind) return;
}

async function killed(process: ChildProcess): Promise<void> {
  const ended = once(process, 'exit');
  process.kill('SIGKILL');
  await ended;
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
