// What others change of an account is noticed by the kernel's events, named, put right and counted.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { createNamespace, deleteNamespace } from '../../src/netns/namespace';
import { apply } from '../../src/reconcile/apply';
import { classifierUserDirectory } from '../../src/reconcile/classifier/place';
import { listInstances } from '../../src/reconcile/classifier/release';
import { readCounters } from '../../src/reconcile/counters';
import { userDirectory } from '../../src/reconcile/pin';
import { programUser } from '../../src/reconcile/target';
import { TEST_CACHE } from '../kernel/object-cache';
import { planOf } from '../packet/rules';
import { realmOf, removeRealm, startWatched, type Watched } from './agent-events';
import { desired } from './documents';

const REALM = realmOf('repair');
const NAMESPACE = `${REALM}-acme`;
const target = { namespace: NAMESPACE };
const ACME = desired('acme', 1, { web: 'tcp.dstport == 80', dns: 'udp.dstport == 53' });

let watched: Watched | undefined;

afterEach(async () => {
  await watched?.agent.close();
  await removeRealm(REALM);
});

describe('tables that no socket owns', () => {
  test.each<[string, string, readonly string[]]>([
    ['a flushed ruleset', 'flush ruleset', ['rules removed: web, dns']],
    ['a flushed chain', 'flush chain ip rampart magic_transit', ['rules changed: web, dns']],
    ['a deleted table', 'delete table ip6 rampart', ['rules changed: web, dns']],
    [
      'a rule more',
      'add rule ip rampart magic_transit tcp dport 22 drop',
      ['tables of the rules changed, but no rule'],
    ],
    ['a chain more', 'add chain ip rampart other', ['tables of the rules changed, but no rule']],
  ])('%s is repaired, and its author named', async (_, change, changes) => {
    const { next, agent } = await unowned();
    const author = nft(change);
    const repaired = await next('repaired', 'acme');
    expect(repaired).toMatchObject({ changes, by: [{ processId: author, processName: 'nft' }] });
    expect(await refs()).toEqual(['web', 'dns']);
    expect(agent.status('acme')).toMatchObject({ state: 'in_force', drift: { count: 1, last: { changes } } });
  });

  test('each change is counted, and what others do in tables of their own is none', async () => {
    const { next, agent } = await unowned();
    nft('add table ip other; add chain ip other c');
    const author = nft('flush chain ip rampart magic_transit');
    expect((await next('repaired')).by).toEqual([{ processId: author, processName: 'nft' }]);
    nft('flush chain ip6 rampart magic_transit');
    await next('repaired');
    expect(agent.status('acme')?.drift.count).toBe(2);
  });

  test('a change is repaired even where the kernel had to drop its events', async () => {
    const { next } = await unowned({ eventBuffer: 4096 });
    const rules = Array.from({ length: 2000 }, () => 'add rule ip rampart magic_transit tcp dport 22 drop');
    nft(rules.join('\n'));
    await next('events_lost', 'acme');
    await next('repaired', 'acme');
    expect(listed()).not.toContain('dport 22 drop');
    expect(await refs()).toEqual(['web', 'dns']);
  });
});

test('versions come into force while a tool changes the tables all the time, and in the end nothing of it is left', async () => {
  const { agent, next } = await unowned();
  const script = 'for i in {1..3000}; do nft add rule ip rampart magic_transit tcp dport 22 drop; done';
  const tool = spawn('nsenter', [`--net=/run/netns/${NAMESPACE}`, 'bash', '-c', script], { stdio: 'ignore' });
  try {
    await next('repaired');
    for (let version = 2; version < 12; version++) {
      const put = await agent.put(desired('acme', version, { web: `tcp.dstport == ${version}` }));
      expect(put).toMatchObject({ kind: 'in_force', status: { applied: version } });
    }
  } finally {
    const ended = once(tool, 'exit');
    tool.kill('SIGKILL');
    await ended;
  }
  while (listed().includes('dport 22')) await next('repaired');
  expect(await refs()).toEqual(['web']);
});

test('tables that the agent made take no changes from others', async () => {
  const { agent } = await made();
  expect(() => nft('flush chain ip rampart magic_transit')).toThrow('Operation not permitted');
  nft('flush ruleset');
  expect(await refs()).toEqual(['web', 'dns']);
  expect(agent.status('acme')?.drift.count).toBe(0);
});

test('so do tables that it adopts, from then on', async () => {
  createNamespace(NAMESPACE);
  await apply(planOf([]), target, TEST_CACHE);
  watched = startWatched(REALM, [ACME]);
  await watched.next('in_force');
  expect(() => nft('flush chain ip rampart magic_transit')).toThrow('Operation not permitted');
  nft('flush ruleset');
  expect(await refs()).toEqual(['web', 'dns']);
});

test('a deleted namespace is made again, with its rules', async () => {
  const { next } = await made();
  deleteNamespace(NAMESPACE);
  expect((await next('repaired')).changes).toEqual([
    `namespace ${NAMESPACE} is gone`,
    `added: namespace ${NAMESPACE}`,
    'rules added: web, dns',
    'changed: setting net/ipv4/conf/all/forwarding=1',
    'changed: setting net/ipv4/fib_multipath_hash_policy=1',
  ]);
  expect(await refs()).toEqual(['web', 'dns']);
});

test('a namespace of the same name is another one all the same', async () => {
  const { next } = await made();
  deleteNamespace(NAMESPACE);
  createNamespace(NAMESPACE);
  await next('repaired');
  expect(await refs()).toEqual(['web', 'dns']);
});

describe('removed pins are made again:', () => {
  const program = { token: 'udp.payload contains "xyzzy"' };
  const classifier = Object.fromEntries(
    Array.from({ length: 40 }, (_, each) => [
      `r${each}`,
      `udp.dstport in {${7000 + 9 * each}..${7005 + 9 * each}} and ip.src in {10.${each}.0.0/16}`,
    ]),
  );

  test.each<[string, Readonly<Record<string, string>>, () => string]>([
    ['those of programs', program, () => userDirectory(programUser(target))],
    ['those of a classifier', classifier, () => listInstances(programUser(target))[0] ?? 'none'],
    ['all of a classifier', classifier, () => classifierUserDirectory(programUser(target))],
  ])('%s', async (_, rules, directoryOf) => {
    watched = startWatched(REALM, [desired('acme', 1, rules)]);
    await watched.next('in_force');
    const directory = directoryOf();
    const pins = readdirSync(directory, { recursive: true });
    expect(pins.length).toBeGreaterThan(0);
    rmSync(directory, { recursive: true });
    expect((await watched.next('repaired')).changes.join()).toContain(`pins removed: `);
    while (!isDeepStrictEqual(existsSync(directory) && readdirSync(directory, { recursive: true }), pins))
      await watched.next('repaired');
  });
});

test('while a newer version is refused the one in force is kept', async () => {
  const { next, agent } = await unowned();
  await agent.put(desired('acme', 2, { wrong: 'tcp.dstprot == 80' }));
  nft('flush ruleset');
  await next('repaired');
  expect(await refs()).toEqual(['web', 'dns']);
  expect(agent.status('acme')).toMatchObject({ state: 'failed', applied: 1, desired: 2, drift: { count: 1 } });
});

async function made(): Promise<Watched> {
  watched = startWatched(REALM, [ACME]);
  await watched.next('in_force');
  return watched;
}

/** Tables as an agent makes them on a kernel that knows no `persist` (before 6.9): they are nobody's. */
async function unowned(settings: Parameters<typeof startWatched>[2] = {}): Promise<Watched> {
  createNamespace(NAMESPACE);
  for (const family of ['ip', 'ip6']) nft(`add table ${family} rampart { comment "rampart"; }`);
  watched = startWatched(REALM, [ACME], settings);
  await watched.next('in_force');
  return watched;
}

/** The process id of what made the change. */
function nft(change: string): number {
  const { status, stderr, pid } = spawnSync('nsenter', [`--net=/run/netns/${NAMESPACE}`, 'nft', '-f', '-'], {
    input: change,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return pid;
}

function listed(): string {
  const command = [`--net=/run/netns/${NAMESPACE}`, 'nft', 'list', 'ruleset'];
  return spawnSync('nsenter', command, { encoding: 'utf8' }).stdout;
}

async function refs(): Promise<string[]> {
  return (await readCounters(target)).rules.map(({ ref }) => ref);
}
