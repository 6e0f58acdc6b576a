// A namespace has one account's rules: another one that is bound to it is refused, and never touches what is there.

import type { Desired } from '../../src/agent/desired';
import { compile, DEFAULT_OPTIONS } from '../../src/compile';
import { createNamespace, deleteNamespace } from '../../src/netns/namespace';
import { apply } from '../../src/reconcile/apply';
import { readCounters } from '../../src/reconcile/counters';
import { destroy } from '../../src/reconcile/destroy';
import { TEST_CACHE } from '../kernel/object-cache';
import { realmOf, removeRealm, startWatched, type Watched } from './agent-events';
import { desired } from './documents';

const REALM = realmOf('shared');
const SHARED = `${REALM}-place`;
const target = { namespace: SHARED };
const IN_SHARED = { namespace: { existing: SHARED } };

let watched: Watched;

beforeEach(() => createNamespace(SHARED));

afterEach(async () => {
  await watched.agent.close();
  await destroy(target);
  deleteNamespace(SHARED);
  await removeRealm(REALM);
});

const ZULU = desired('zulu', 1, { zulu: 'tcp.dstport == 26' }, IN_SHARED);
const ALPHA = desired('alpha', 1, { alpha: 'tcp.dstport == 1' }, IN_SHARED);

const TAKEN = {
  code: 'account.namespace-taken',
  message: `network namespace ${SHARED} has the rules of account zulu, and can have no other’s beside them`,
  cure: 'let each account have a namespace of its own, or put all the rules into one document',
};

test('the account that has it keeps it, whatever becomes of the other one', async () => {
  watched = startWatched(REALM, [ZULU]);
  await watched.next('in_force', 'zulu');
  expect(await watched.agent.put(ALPHA)).toMatchObject({ kind: 'failed', status: { error: TAKEN } });
  expect(await refs()).toEqual(['zulu']);
  expect(await watched.agent.remove('alpha')).toEqual({ kind: 'removed' });
  expect(await refs()).toEqual(['zulu']);
  expect(watched.agent.status('zulu')).toMatchObject({ state: 'in_force', drift: { count: 0 } });
});

test('it is the other one’s when the first is gone', async () => {
  watched = startWatched(REALM, [ZULU], { backoff: { first: 20, most: 20, jitter: 0 } });
  await watched.next('in_force', 'zulu');
  await watched.agent.put(ALPHA);
  await watched.agent.remove('zulu');
  await watched.next('in_force', 'alpha');
  expect(await refs()).toEqual(['alpha']);
});

test('an agent that starts leaves it to the account whose rules are there', async () => {
  await applyAlone(ZULU);
  watched = startWatched(REALM, [ALPHA, ZULU]);
  expect((await watched.next('failed', 'alpha')).error).toMatchObject(TAKEN);
  await watched.next('in_force', 'zulu');
  expect(await refs()).toEqual(['zulu']);
});

test('where nobody’s rules are the first by name has it', async () => {
  watched = startWatched(REALM, [ZULU, ALPHA]);
  expect((await watched.next('failed', 'zulu')).error).toMatchObject({ code: 'account.namespace-taken' });
  await watched.next('in_force', 'alpha');
  expect(await refs()).toEqual(['alpha']);
});

test('one that is another account’s own is as much taken', async () => {
  watched = startWatched(REALM, [desired('acme', 1, { web: 'tcp.dstport == 80' })]);
  await watched.next('in_force', 'acme');
  const guest = desired('guest', 1, { ssh: 'tcp.dstport == 22' }, { namespace: { existing: `${REALM}-acme` } });
  expect(await watched.agent.put(guest)).toMatchObject({
    kind: 'failed',
    status: { error: { code: 'account.namespace-taken' } },
  });
  expect(await watched.agent.remove('guest')).toEqual({ kind: 'removed' });
  expect((await readCounters({ namespace: `${REALM}-acme` })).rules.map(({ ref }) => ref)).toEqual(['web']);
});

test('what is removed of one account leaves the rules that are another’s by now', async () => {
  const tunnel = { name: 'fra1', kind: 'vxlan', local: '192.0.2.1', remote: '192.0.2.2', key: 7 };
  watched = startWatched(REALM, [desired('zulu', 1, {}, { ...IN_SHARED, tunnels: [tunnel] })]);
  await watched.next('in_force', 'zulu');
  await watched.agent.close();
  await applyAlone(ALPHA);
  watched = startWatched(REALM);
  expect((await watched.next('swept', 'zulu')).changes).toContain('removed: link fra1');
  expect(await refs()).toEqual(['alpha']);
});

/** As `rampart apply` does. */
async function applyAlone({ account }: Desired): Promise<void> {
  const compiled = compile(account, DEFAULT_OPTIONS);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.refused));
  await apply(compiled.value, target, TEST_CACHE);
}

async function refs(): Promise<string[]> {
  return (await readCounters(target)).rules.map(({ ref }) => ref);
}
