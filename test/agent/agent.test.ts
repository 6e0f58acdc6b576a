// Accounts as they are put, changed, refused and removed, each in a namespace of its own.

import { existsSync } from 'node:fs';
import { readCounters } from '../../src/reconcile/counters';
import { realmOf, removeRealm, startWatched, type Watched } from './agent-events';
import { desired } from './documents';

const REALM = realmOf('agent');
const WEB = { web: 'tcp.dstport == 80' };

let watched: Watched;

beforeEach(() => {
  watched = startWatched(REALM);
});

afterEach(async () => {
  await watched.agent.close();
  await removeRealm(REALM);
});

test('an account is put into force in a namespace of its own', async () => {
  const outcome = await watched.agent.put(desired('acme', 1, WEB));
  expect(outcome).toMatchObject({
    kind: 'in_force',
    status: { account: 'acme', state: 'in_force', desired: 1, applied: 1, failures: 0, drift: { count: 0 } },
  });
  expect(await refs('acme')).toEqual(['web']);
  expect(await watched.next('in_force')).toMatchObject({ account: 'acme', version: 1, changes: ['rules added: web'] });
});

test('a change sends what differs, and the same again nothing', async () => {
  await watched.agent.put(desired('acme', 1, WEB));
  await watched.agent.put(desired('acme', 2, { ...WEB, dns: 'udp.dstport == 53' }));
  expect(await refs('acme')).toEqual(['web', 'dns']);
  await watched.agent.put(desired('acme', 3, { ...WEB, dns: 'udp.dstport == 53' }));
  expect(watched.agent.status('acme')).toMatchObject({ state: 'in_force', desired: 3, applied: 3 });
  expect(watched.events.filter(({ kind }) => kind === 'in_force')).toMatchObject([
    { version: 1 },
    { version: 2 },
    { version: 3, changes: [] },
  ]);
});

test('of many versions at once the newest comes into force, and those that it overtook are told so', async () => {
  const versions = [1, 2, 3, 4, 5].map(version => desired('acme', version, { [`r${version}`]: 'ip.ttl == 1' }));
  const outcomes = await Promise.all(versions.map(each => watched.agent.put(each)));
  expect(outcomes.map(({ kind }) => kind)).toEqual([
    'superseded',
    'superseded',
    'superseded',
    'superseded',
    'in_force',
  ]);
  expect(await refs('acme')).toEqual(['r5']);
});

test('a refused rule leaves the version before in force and is named; other accounts go on', async () => {
  await watched.agent.put(desired('acme', 1, WEB));
  const [refused, other] = await Promise.all([
    watched.agent.put(desired('acme', 2, { ...WEB, wrong: 'tcp.dstprot == 80' })),
    watched.agent.put(desired('other', 1, WEB)),
  ]);
  expect(refused).toMatchObject({
    kind: 'failed',
    status: {
      state: 'failed',
      desired: 2,
      applied: 1,
      error: {
        code: 'rules.refused',
        rules: [{ ref: 'wrong', message: expect.stringContaining('unknown identifier') }],
      },
      failures: 1,
    },
  });
  expect(other.kind).toBe('in_force');
  expect(await refs('acme')).toEqual(['web']);
  expect(await refs('other')).toEqual(['web']);
  // What the compiler refuses it refuses again: nothing is tried before something else is put.
  expect(watched.agent.status('acme')?.nextRetryAt).toBeUndefined();
  expect(await watched.agent.put(desired('acme', 3, { ...WEB, right: 'tcp.dstport == 81' }))).toMatchObject({
    kind: 'in_force',
    status: { state: 'in_force', applied: 3, failures: 0 },
  });
});

test('what rules have counted is asked of the kernel', async () => {
  await watched.agent.put(desired('acme', 1, WEB));
  expect((await watched.agent.counters('acme'))?.rules).toMatchObject([{ ref: 'web', packets: 0n, bytes: 0n }]);
  expect(await watched.agent.counters('other')).toBeUndefined();
});

test('an account whose first rules are refused gets no namespace', async () => {
  expect((await watched.agent.put(desired('acme', 1, { wrong: 'tcp.dstprot == 80' }))).kind).toBe('failed');
  expect(existsSync(`/run/netns/${REALM}-acme`)).toBe(false);
});

test('a removed account leaves nothing, and can be put again', async () => {
  await watched.agent.put(desired('acme', 1, WEB));
  expect(await watched.agent.remove('acme')).toEqual({ kind: 'removed' });
  expect(existsSync(`/run/netns/${REALM}-acme`)).toBe(false);
  expect(watched.agent.status('acme')).toBeUndefined();
  expect(await watched.agent.remove('acme')).toBeUndefined();
  expect((await watched.agent.put(desired('acme', 2, WEB))).kind).toBe('in_force');
});

test('closed, it leaves the rules in force, and an agent that starts finds them as they are', async () => {
  await watched.agent.put(desired('acme', 1, WEB));
  await watched.agent.close();
  expect(await refs('acme')).toEqual(['web']);
  expect(await watched.agent.put(desired('acme', 2, WEB))).toEqual({ kind: 'closed' });
  watched = startWatched(REALM, [desired('acme', 1, WEB)]);
  expect(await watched.next('in_force')).toMatchObject({ account: 'acme', version: 1, changes: [] });
});

async function refs(account: string): Promise<string[]> {
  const { rules } = await readCounters({ namespace: `${REALM}-${account}` });
  return rules.map(({ ref }) => ref);
}
