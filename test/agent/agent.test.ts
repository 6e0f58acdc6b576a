// Accounts as they are put, changed, refused and removed, each in a namespace of its own.

import { existsSync } from 'node:fs';
import { createNamespace, listNamespaces, namespaceExists } from '../../src/netns/namespace';
import { readCounters } from '../../src/reconcile/counters';
import { realmOf, removeRealm, startWatched, type Watched } from './agent-events';
import { desired } from './documents';

const REALM = realmOf('agent');
/** Of every namespace of an account's own. */
const SETTINGS = [
  'changed: setting net/ipv4/conf/all/forwarding=1',
  'changed: setting net/ipv4/fib_multipath_hash_policy=1',
];
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
  expect(await watched.next('in_force')).toMatchObject({
    account: 'acme',
    version: 1,
    changes: [`added: namespace ${REALM}-acme`, 'rules added: web', ...SETTINGS],
  });
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

test('a rule that was not in force goes on from its counts', async () => {
  const counts = new Map([['web', { packets: 7n, bytes: 420n }]]);
  await watched.agent.put({ ...desired('acme', 1, WEB), counts });
  expect((await watched.agent.counters('acme'))?.rules).toMatchObject([{ ref: 'web', packets: 7n, bytes: 420n }]);
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
  expect(await watched.agent.remove('acme')).toEqual({ kind: 'removed' });
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

describe('a namespace that is there already', () => {
  const existing = { namespace: { existing: `${REALM}-existing` } };

  test('is awaited where it is missing, and stays when the account goes', async () => {
    const outcome = await watched.agent.put(desired('acme', 1, WEB, existing));
    expect(outcome).toMatchObject({
      kind: 'failed',
      status: { error: { code: 'ENOENT', cure: expect.stringContaining(`ip netns add ${REALM}-existing`) } },
    });
    createNamespace(`${REALM}-existing`);
    await watched.next('in_force', 'acme');
    expect(await refs('existing')).toEqual(['web']);
    await watched.agent.remove('acme');
    expect(await refs('existing')).toEqual([]);
    expect(namespaceExists(`${REALM}-existing`)).toBe(true);
  });

  test('takes an account over from its own, which is removed', async () => {
    createNamespace(`${REALM}-existing`);
    await watched.agent.put(desired('acme', 1, WEB));
    await watched.agent.put(desired('acme', 2, WEB, existing));
    expect(await refs('existing')).toEqual(['web']);
    expect(namespaceExists(`${REALM}-acme`)).toBe(false);
  });
});

test('the namespace that accounts are connected to is filtered too, and stays when the account goes', async () => {
  const host = `${REALM}-host`;
  createNamespace(host);
  const bound = startWatched(`${REALM}-bound`, [], { host: { namespace: host } });
  try {
    await bound.agent.put(desired('edge', 1, WEB, { namespace: 'host' }));
    expect(await refs('host')).toEqual(['web']);
    expect(namespaceExists(`${REALM}-bound-edge`)).toBe(false);
    expect(await bound.agent.remove('edge')).toMatchObject({ kind: 'removed' });
    expect(await refs('host')).toEqual([]);
    expect(namespaceExists(host)).toBe(true);
  } finally {
    await bound.agent.close();
  }
});

describe('an account that is only tried', () => {
  test('is compared with what is in force, which stays', async () => {
    await watched.agent.put(desired('acme', 1, WEB));
    const { difference, refusals } = await watched.agent.dryRun(
      desired('acme', 2, { dns: 'udp.dstport == 53' }).account,
    );
    expect(difference).toMatchObject({ added: ['dns'], removed: ['web'] });
    expect(refusals).toEqual([]);
    expect(await refs('acme')).toEqual(['web']);
  });

  test('gets no namespace where it has none', async () => {
    const { difference } = await watched.agent.dryRun(desired('acme', 1, WEB).account);
    expect(difference).toMatchObject({ added: ['web'] });
    expect(listNamespaces().filter(name => name.startsWith(REALM))).toEqual([]);
  });

  test('is refused as it would be', async () => {
    await expect(
      watched.agent.dryRun(desired('acme', 1, { wrong: 'tcp.dstprot == 80' }).account),
    ).rejects.toMatchObject({
      code: 'rules.refused',
    });
  });
});

async function refs(account: string): Promise<string[]> {
  const { rules } = await readCounters({ namespace: `${REALM}-${account}` });
  return rules.map(({ ref }) => ref);
}
