// kill -9 of an agent at any moment: the kernel goes on filtering, and the next agent finds what is there, goes on from it,
// and brings every account to what is desired.

import { spawnSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { readCounters } from '../../src/reconcile/counters';
import { makeWorld } from '../network/world';
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

test('so it is with links and routes', async () => {
  const random = generator(SEED);
  const world = makeWorld('kill');
  try {
    const realm = world.names.realm;
    for (let version = 1; version <= KILLS; version++) {
      child = startProcess({ realm, host: world.host.target });
      for (const [index, account] of ACCOUNTS.entries())
        child.put(documentText(account, rulesOf(version), networkOf(index, version)), version);
      await setTimeout(random() * 900);
      await child.kill();
    }
    const last = ACCOUNTS.map((account, index) => {
      return desired(account, KILLS + 1, rulesOf(KILLS + 1), networkOf(index, KILLS + 1));
    });
    watched = startWatched(realm, last, { host: world.host.target });
    for (const account of ACCOUNTS) await watched.next('in_force', account);
    expect(world.run('host', 'ip', '-o', 'link').match(/ rp[0-9a-f]{13}@/g)?.length).toBe(ACCOUNTS.length);
    for (const [index, account] of ACCOUNTS.entries()) {
      const links = world.run('host', 'nsenter', `--net=/run/netns/${realm}-${account}`, 'ip', '-o', 'link');
      expect(links.match(/(?<=^[0-9]+: )[^:@]+/gm)?.sort()).toEqual(['lo', `t${KILLS + 1}`, 'uplink']);
      const route = world.run('host', 'ip', 'route', 'get', `203.0.${index}.1`);
      expect(route).toMatch(/via 169\.254\.0\.2 dev rp/);
    }
    for (const account of ACCOUNTS) await watched.agent.remove(account);
    expect(world.run('host', 'ip', '-o', 'link')).not.toMatch(/ rp[0-9a-f]{13}/);
  } finally {
    await watched?.agent.close();
    world.remove();
  }
}, 120_000);

/** A tunnel of another name and VNI in every version. */
function networkOf(index: number, version: number): object {
  const ends = { kind: 'vxlan', local: '192.0.2.1', remote: '192.0.2.2', port: 4789 };
  return {
    prefixes: [`203.0.${index}.0/24`],
    tunnels: [{ name: `t${version}`, ...ends, key: 100 * version + index, addresses: [`10.255.${index}.0/31`] }],
    routes: [{ prefix: `203.0.${index}.0/24`, tunnel: `t${version}`, gateway: `10.255.${index}.1` }],
  };
}

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
