// Accounts are changed, links, pins, rules and namespaces deleted, the agent killed, in any order, while packets are sent: none
// that every version blocks comes through, and after it all everything is as the last versions say, and nothing is left.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { Desired } from '../../src/agent/desired';
import { deleteNamespace, listNamespaces, namespaceExists } from '../../src/netns/namespace';
import { classifierUserDirectory } from '../../src/reconcile/classifier/place';
import { userDirectory } from '../../src/reconcile/pin';
import { programUser } from '../../src/reconcile/target';
import { makeWorld, type World } from '../network/world';
import { startWatched } from './agent-events';
import { desired, documentText } from './documents';
import { type AgentProcess, startProcess } from './start-process';

/** Of disturbances; CHAOS_SECONDS=600 is ten minutes of them. */
const SECONDS = Number(process.env.CHAOS_SECONDS ?? 10);
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const ACCOUNTS = 5;
/** Every version of every account blocks it. */
const BLOCKED_PORT = 7776;
/** And lets this pass. */
const ALLOWED_PORT = 7775;

const LIMIT_MS = 180_000 + SECONDS * 1000;

let world: World;
let agent: AgentProcess;
let flood: ChildProcess;

beforeEach(() => {
  world = makeWorld('chaos');
  makeOrigin(world);
  const command = [`--net=/run/netns/${world.space('client')}`, 'bash', '-c', FLOOD];
  flood = spawn('nsenter', command, { stdio: 'ignore' });
});

afterEach(async () => {
  const ended = once(flood, 'exit');
  flood.kill('SIGKILL');
  await ended;
  await agent.kill();
  world.remove();
});

const NAME = 'all is in force after it, nothing blocked came through, and nothing is left once nobody wants it';
test(NAME, disturbAndCompare, LIMIT_MS);

async function disturbAndCompare(): Promise<void> {
  const random = generator(SEED);
  const pick = (count: number) => Math.floor(random() * count);
  const versions = Array.from({ length: ACCOUNTS }, () => 1);
  const before = pinsOf(world);
  agent = await started(versions);
  for (const end = Date.now() + SECONDS * 1000; Date.now() < end; await setTimeout(random() * 120)) {
    const account = pick(ACCOUNTS);
    const harms = harmsTo(`${world.names.realm}-a${account}`);
    const choice = pick(harms.length + 2);
    if (choice < harms.length) harms[choice]?.();
    else if (choice === harms.length) {
      const version = (versions[account] ?? 0) + 1;
      versions[account] = version;
      agent.put(textOf(account, version), version);
    } else {
      await agent.kill();
      agent = await started(versions);
    }
  }
  await agent.kill();
  await expectConverged(
    versions.map((version, account) => desired(`a${account}`, version, rulesOf(version), networkOf(account))),
  );
  const [blocked, passed] = world.run('origin', 'nft', 'list', 'ruleset').match(/(?<=packets )[0-9]+/g) ?? [];
  expect({ seed: SEED, blocked }).toEqual({ seed: SEED, blocked: '0' });
  expect(Number(passed)).toBeGreaterThan(0);
  await expectNothingLeft(before);
}

/** What is not there at that moment cannot be harmed. */
function harmsTo(namespace: string): readonly (() => void)[] {
  const inside = (...command: readonly string[]) => spawnSync('nsenter', [`--net=/run/netns/${namespace}`, ...command]);
  const user = programUser({ namespace });
  return [
    () => inside('nft', 'flush', 'ruleset'),
    () => inside('nft', 'flush', 'chain', 'ip', 'rampart', 'magic_transit'),
    () => inside('ip', 'link', 'delete', 'uplink'),
    () => inside('ip', 'link', 'delete', 't'),
    () => inside('ip', 'route', 'flush', 'proto', '82'),
    () => namespaceExists(namespace) && deleteNamespace(namespace),
    () => rmSync(userDirectory(user), { recursive: true, force: true }),
    () => rmSync(classifierUserDirectory(user), { recursive: true, force: true }),
  ];
}

/** Until an agent has taken the tables over, they take changes from anyone. */
async function started(versions: readonly number[]): Promise<AgentProcess> {
  const process = startProcess({ realm: world.names.realm, host: world.host.target, verifyEvery: 2000 });
  for (const [account, version] of versions.entries()) process.put(textOf(account, version), version);
  await allInForce(process);
  return process;
}

/** Goes on reading what it tells, which would otherwise wait for being read. */
function allInForce({ events }: AgentProcess): Promise<void> {
  const waiting = new Set(Array.from({ length: ACCOUNTS }, (_, account) => `a${account}`));
  return new Promise<void>((resolve, reject) => {
    const read = async () => {
      for await (const event of events) {
        if (event.kind === 'in_force') waiting.delete(event.account);
        if (waiting.size === 0) resolve();
      }
    };
    read().then(() => reject(new Error('the agent has ended')), reject);
  });
}

/** An agent brings all to what is desired; the next one finds nothing to do. */
async function expectConverged(last: readonly Desired[]): Promise<void> {
  for (const changes of [expect.any(Array), []]) {
    const watched = startWatched(world.names.realm, last, { host: world.host.target });
    for (const { account, version } of last)
      expect({ seed: SEED, ...(await watched.next('in_force', account.account)) }).toMatchObject({ version, changes });
    await watched.agent.close();
  }
}

async function expectNothingLeft(pins: readonly string[]): Promise<void> {
  const { agent, next } = startWatched(world.names.realm, [], { host: world.host.target });
  for (let account = 0; account < ACCOUNTS; account++) await next('swept');
  await agent.close();
  expect(listNamespaces().filter(name => name.startsWith(`${world.names.realm}-a`))).toEqual([]);
  expect(world.run('host', 'ip', '-o', 'link')).not.toMatch(/ rp[0-9a-f]{13}/);
  expect(pinsOf(world)).toEqual(pins);
}

function pinsOf({ names }: World): string[] {
  const folders = [userDirectory(''), classifierUserDirectory('')].filter(existsSync);
  return folders.flatMap(folder => readdirSync(folder)).filter(name => name.startsWith(`name-${names.realm}-`));
}

function textOf(account: number, version: number): string {
  return documentText(`a${account}`, rulesOf(version), networkOf(account));
}

/** Some versions need a program, some a classifier. */
function rulesOf(version: number): Readonly<Record<string, string>> {
  const few = { blocked: `udp.dstport == ${BLOCKED_PORT}`, own: `tcp.dstport == ${version}` };
  if (version % 3 === 0) return { ...few, token: 'udp.payload contains "xyzzy"' };
  if (version % 3 === 1) return few;
  const ranges = Array.from({ length: 30 }, (_, each) => {
    return [`r${each}`, `udp.dstport in {${9 * each + 1}..${9 * each + 5}} and ip.src in {10.${each}.0.0/16}`];
  });
  return { ...few, ...Object.fromEntries(ranges) };
}

function networkOf(account: number): object {
  const ends = { kind: 'vxlan', local: '192.0.2.1', remote: '192.0.2.2', port: 4789 };
  const prefix = `203.0.${account}.0/24`;
  return {
    prefixes: [prefix],
    tunnels: [{ name: 't', ...ends, key: 100 + account, addresses: [`10.255.${account}.0/31`] }],
    routes: [{ prefix, tunnel: 't', gateway: `10.255.${account}.1` }],
  };
}

/** It counts what should not come, by whichever tunnel. */
function makeOrigin({ run }: World): void {
  for (let account = 0; account < ACCOUNTS; account++) {
    const ends = ['id', String(100 + account), 'local', '192.0.2.2', 'remote', '192.0.2.1', 'dstport', '4789'];
    run('origin', 'ip', 'link', 'add', `t${account}`, 'type', 'vxlan', ...ends);
    run('origin', 'ip', 'address', 'add', `10.255.${account}.1/31`, 'dev', `t${account}`);
    run('origin', 'ip', 'link', 'set', `t${account}`, 'up');
    run('origin', 'ip', 'address', 'add', `203.0.${account}.10/32`, 'dev', 'lo');
  }
  const chain = 'chain ip watch in { type filter hook prerouting priority -500; }';
  run('origin', 'nft', `add table ip watch; add ${chain}`);
  for (const port of [BLOCKED_PORT, ALLOWED_PORT])
    run('origin', 'nft', `add rule ip watch in iifname "t*" udp dport ${port} counter drop`);
}

/** Some hundred packets a second, until it is killed; never more than 200,000. */
const FLOOD = `for i in {1..20000}; do
  for account in {0..${ACCOUNTS - 1}}; do
    echo > /dev/udp/203.0.$account.10/${BLOCKED_PORT}
    echo > /dev/udp/203.0.$account.10/${ALLOWED_PORT}
  done 2> /dev/null
  sleep 0.01
done`;

/** Park and Miller's. */
function generator(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
}
