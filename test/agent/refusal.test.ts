// What the kernel refuses leaves what was in force, is named in the status, is tried again, and concerns no other account.

import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { encodeBatch } from '../../src/netlink/nftables/batch';
import { createNamespace } from '../../src/netns/namespace';
import { apply } from '../../src/reconcile/apply';
import { readCounters } from '../../src/reconcile/counters';
import { connect } from '../../src/reconcile/target';
import { TEST_CACHE } from '../kernel/object-cache';
import { planOf } from '../packet/rules';
import { realmOf, removeRealm, startWatched, type Watched } from './agent-events';
import { desired } from './documents';

const REALM = realmOf('refusal');
const WEB = { web: 'tcp.dstport == 80' };
const QUICK = { backoff: { first: 20, most: 100, jitter: 0 } };

let watched: Watched;

beforeEach(() => {
  watched = startWatched(REALM, [], QUICK);
});

afterEach(async () => {
  await watched.agent.close();
  rmSync(`/run/netns/${REALM}-wrong`, { force: true });
  nft('acme', 'delete table ip rampart');
  await removeRealm(REALM);
});

test('a table of our name that is not ours is left alone, and the account comes into force once it is gone', async () => {
  createNamespace(`${REALM}-acme`);
  nft('acme', 'add table ip rampart; add chain ip rampart theirs');
  const [refused, other] = await Promise.all([
    watched.agent.put(desired('acme', 1, WEB)),
    watched.agent.put(desired('other', 1, WEB)),
  ]);
  expect(refused).toMatchObject({
    kind: 'failed',
    status: {
      state: 'failed',
      error: { code: 'reconcile.foreign-table', cure: expect.stringContaining('nft list table ip rampart') },
      failures: 1,
      nextRetryAt: expect.any(Date),
    },
  });
  expect(other.kind).toBe('in_force');
  expect(nft('acme', 'list ruleset')).toContain('chain theirs');
  await watched.next('failed', 'acme');
  expect(await watched.next('failed', 'acme')).toMatchObject({ failures: 2, retryIn: 40 });
  nft('acme', 'delete table ip rampart');
  await watched.next('in_force', 'acme');
  expect(watched.agent.status('acme')).toMatchObject({ state: 'in_force', failures: 0 });
});

test('what was in the way is seen to go, however long the next retry is off', async () => {
  await watched.agent.close();
  watched = startWatched(REALM, [], { backoff: { first: 3_600_000, most: 3_600_000, jitter: 0 } });
  createNamespace(`${REALM}-acme`);
  nft('acme', 'add table ip rampart');
  expect((await watched.agent.put(desired('acme', 1, WEB))).kind).toBe('failed');
  nft('acme', 'delete table ip rampart');
  await watched.next('in_force', 'acme');
});

test('a version after a refused one is not delayed by its retries', async () => {
  await watched.agent.close();
  watched = startWatched(REALM, [], { backoff: { first: 3_600_000, most: 3_600_000, jitter: 0 } });
  const existing = (name: string) => ({ namespace: { existing: `${REALM}-${name}` } });
  createNamespace(`${REALM}-there`);
  expect((await watched.agent.put(desired('acme', 1, WEB, existing('missing')))).kind).toBe('failed');
  expect((await watched.agent.put(desired('acme', 2, WEB, existing('there')))).kind).toBe('in_force');
});

test('changes come into force while others change the same namespace all the time', async () => {
  await watched.agent.put(desired('acme', 0, WEB));
  const others = spawnSync.bind(undefined, 'nsenter', [`--net=/run/netns/${REALM}-acme`, 'nft', '-f', '-']);
  for (let version = 1; version <= 20; version++) {
    others({ input: `add table inet other${version}` });
    const put = watched.agent.put(desired('acme', version, { ...WEB, [`r${version}`]: `udp.dstport == ${version}` }));
    others({ input: `delete table inet other${version}` });
    expect((await put).kind).toBe('in_force');
  }
  expect((await readCounters({ namespace: `${REALM}-acme` })).rules.map(({ ref }) => ref)).toEqual(['web', 'r20']);
  expect(watched.agent.status('acme')?.drift.count).toBe(0);
});

test('tables that cannot be changed into what is desired are made anew after a few refusals', async () => {
  const namespace = `${REALM}-acme`;
  createNamespace(namespace);
  await apply(planOf([]), { namespace }, TEST_CACHE);
  await released();
  nft('acme', 'flush chain ip rampart magic_transit; delete chain ip rampart magic_transit');
  // A table that sleeps takes no base chain.
  const connection = connect({ namespace });
  const flags = ['dormant', 'owner', 'persist'] as const;
  const object = { kind: 'table', family: 'ip', name: 'rampart', flags } as const;
  await connection.commit(encodeBatch([{ operation: 'add', object }]));
  connection.close();
  await released();
  expect(await watched.agent.put(desired('acme', 1, WEB))).toMatchObject({
    kind: 'failed',
    status: { error: { code: 'EINVAL' } },
  });
  await watched.next('rebuilt', 'acme');
  await watched.next('in_force', 'acme');
  expect((await readCounters({ namespace })).rules.map(({ ref }) => ref)).toEqual(['web']);
  expect(watched.events.filter(({ kind }) => kind === 'failed').length).toBe(3);
  expect(watched.agent.status('acme')).toMatchObject({ state: 'in_force', failures: 0 });
});

/** The kernel gives a table up a little after who made it has closed its socket. */
async function released(): Promise<void> {
  while (nft('acme', 'list ruleset').includes('progname')) await setImmediate();
}

test('a file that is no namespace is told, and is not taken for one', async () => {
  createNamespace(`${REALM}-any`);
  writeFileSync(`/run/netns/${REALM}-wrong`, '');
  const account = desired('acme', 1, WEB, { namespace: { existing: `${REALM}-wrong` } });
  expect(await watched.agent.put(account)).toMatchObject({
    kind: 'failed',
    status: { error: { code: 'EINVAL', cure: expect.stringContaining('is no network namespace') } },
  });
});

function nft(account: string, commands: string): string {
  const namespace = `--net=/run/netns/${REALM}-${account}`;
  return spawnSync('nsenter', [namespace, 'nft', '-f', '-'], { input: commands, encoding: 'utf8' }).stdout;
}
