// A version that is refused when an agent starts: what was in force before filters still, and is watched and repaired until
// the new one can be.

import { spawnSync } from 'node:child_process';
import type { Desired } from '../../src/agent/desired';
import { createNamespace } from '../../src/netns/namespace';
import { readCounters } from '../../src/reconcile/counters';
import { makeWorld, type World } from '../network/world';
import { startWatched, type Watched } from './agent-events';
import { desired } from './documents';

const NETWORK = { prefixes: ['203.0.113.0/24'] };
const OLD = desired('acme', 1, { web: 'tcp.dstport == 80' }, NETWORK);
const MEANWHILE = { meanwhile: OLD };
const REFUSED = desired('acme', 2, { web: 'no.such_field == 80' }, NETWORK);

let world: World;
let watched: Watched;

beforeEach(async () => {
  world = makeWorld('start');
  start([OLD]);
  await watched.next('in_force');
  await watched.agent.close();
});

afterEach(async () => {
  await watched.agent.close();
  world.remove();
});

test('what others break of the version before is put right, rules and network', async () => {
  start([{ ...REFUSED, ...MEANWHILE }]);
  expect((await watched.next('failed')).error).toMatchObject({ code: 'rules.refused', rules: [{ ref: 'web' }] });
  expect(await watched.next('in_force')).toMatchObject({ version: 1, changes: [] });
  expect(watched.agent.status('acme')).toMatchObject({ state: 'failed', desired: 2, applied: 1, failures: 1 });
  world.run('host', 'ip', 'route', 'flush', 'proto', '82');
  expect((await watched.next('repaired')).changes).toEqual([
    expect.stringMatching(
      /^gone: route 203\.0\.113\.0\/24 by rp[0-9a-f]{13} via 169\.254\.0\.2 priority 82 on the host$/,
    ),
  ]);
  inside('ip', 'link', 'delete', 'uplink');
  expect((await watched.next('repaired')).changes[0]).toMatch(/^gone: link uplink, on the host rp/);
  expect(watched.agent.status('acme')).toMatchObject({ state: 'failed', drift: { count: 2 } });
});

test('what others broke while no agent ran is put right', async () => {
  inside('nft', 'flush', 'ruleset');
  expect(await refs()).toEqual([]);
  start([{ ...REFUSED, ...MEANWHILE }]);
  await watched.next('failed');
  expect(await watched.next('in_force')).toMatchObject({ version: 1, changes: ['rules added: web'] });
  expect(await refs()).toEqual(['web']);
});

test('a version that waits for its namespace leaves the one before in its own, and takes its place when it can', async () => {
  const elsewhere = `${world.names.realm}-elsewhere`;
  const moved = desired('acme', 2, { dns: 'udp.dstport == 53' }, { ...NETWORK, namespace: { existing: elsewhere } });
  start([{ ...moved, ...MEANWHILE }]);
  expect((await watched.next('failed')).error).toMatchObject({ code: 'ENOENT' });
  expect(await watched.next('in_force')).toMatchObject({ version: 1 });
  expect(await refs()).toEqual(['web']);
  createNamespace(elsewhere);
  expect(await watched.next('in_force')).toMatchObject({ version: 2 });
  expect((await readCounters({ namespace: elsewhere })).rules.map(({ ref }) => ref)).toEqual(['dns']);
  expect(watched.agent.status('acme')).toMatchObject({ state: 'in_force', applied: 2, namespace: elsewhere });
});

test('of an account that is held it is looked after as well', async () => {
  start([], [{ account: 'acme', version: 2, failures: 1, error: ERROR, ...MEANWHILE }]);
  expect(await watched.next('in_force')).toMatchObject({ version: 1, changes: [] });
  world.run('host', 'ip', 'route', 'flush', 'proto', '82');
  await watched.next('repaired');
  expect(watched.agent.status('acme')).toMatchObject({ state: 'failed', desired: 2, applied: 1, error: ERROR });
});

test('where it is not known what was in force nothing is changed', async () => {
  start([REFUSED]);
  await watched.next('failed');
  world.run('host', 'ip', 'route', 'flush', 'proto', '82');
  watched.agent.hold({ account: 'acme', failures: 1, error: ERROR });
  expect(await refs()).toEqual(['web']);
  expect(watched.events.map(({ kind }) => kind)).not.toContain('in_force');
});

const ERROR = { code: 'store.damaged', message: 'damaged', cure: 'bring it back', rules: [] };

function start(accounts: readonly Desired[], unreadable: Parameters<typeof startWatched>[3] = []): void {
  const settings = { host: world.host.target, backoff: { first: 20, most: 50, jitter: 0 } };
  watched = startWatched(world.names.realm, accounts, settings, unreadable);
}

function inside(...command: readonly string[]): void {
  const { status, stderr } = spawnSync('nsenter', [`--net=/run/netns/${world.names.realm}-acme`, ...command], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

async function refs(): Promise<readonly string[]> {
  return (await readCounters({ namespace: `${world.names.realm}-acme` })).rules.map(({ ref }) => ref);
}
