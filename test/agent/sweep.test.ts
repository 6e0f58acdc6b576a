// Objects of this realm whose account nobody wants go at the start of an agent, once everything that is wanted is read; and
// nothing else goes.

import { rmSync, writeFileSync } from 'node:fs';
import { createNamespace, listNamespaces } from '../../src/netns/namespace';
import { readCounters } from '../../src/reconcile/counters';
import { makeWorld, type World } from '../network/world';
import { startWatched, type Watched } from './agent-events';
import { desired } from './documents';

const WEB = { web: 'tcp.dstport == 80' };
const NETWORK = {
  prefixes: ['203.0.113.0/24'],
  tunnels: [{ name: 'fra1', kind: 'vxlan', local: '192.0.2.1', remote: '192.0.2.2', key: 42, port: 4789 }],
};

let world: World;
let watched: Watched;

beforeEach(() => {
  world = makeWorld('sweep');
});

afterEach(async () => {
  await watched.agent.close();
  world.remove();
});

async function start(...accounts: Parameters<typeof startWatched>[1][]): Promise<void> {
  const settings = { host: world.host.target, verifyEvery: 50, backoff: { first: 20, most: 50, jitter: 0 } };
  watched = startWatched(
    world.names.realm,
    accounts.flatMap(each => each ?? []),
    settings,
  );
}

async function leaveBehind(account: string): Promise<void> {
  await start([desired(account, 1, WEB, NETWORK)]);
  await watched.next('in_force', account);
  await watched.agent.close();
}

function ours(): string[] {
  const realm = `${world.names.realm}-`;
  return listNamespaces().flatMap(name => (name.startsWith(realm) ? name.slice(realm.length) : []));
}

function hostLinks(): number {
  return world.run('host', 'ip', '-o', 'link').match(/ rp[0-9a-f]{13}/g)?.length ?? 0;
}

const ROLES = ['client', 'host', 'origin'];

test('an account that nobody wants is swept, with its links; those that are wanted stay', async () => {
  await leaveBehind('gone');
  expect(ours()).toEqual(['client', 'gone', 'host', 'origin']);
  expect(hostLinks()).toBe(1);
  await start([desired('acme', 1, WEB, { prefixes: ['198.51.100.0/24'] })]);
  expect((await watched.next('swept')).account).toBe('gone');
  expect(ours()).toEqual(['acme', ...ROLES]);
  expect(hostLinks()).toBe(1);
});

test('nothing is swept while a wanted account cannot be read, and it is as soon as it can', async () => {
  await leaveBehind('gone');
  const wrong = `${world.names.realm}-wrong`;
  writeFileSync(`/run/netns/${wrong}`, 'no namespace');
  try {
    await start([desired('acme', 1, WEB, { namespace: { existing: wrong } })]);
    expect((await watched.next('sweep_put_off')).error.code).toBe('sweep.unread-accounts');
    await watched.next('sweep_put_off');
    expect(ours()).toEqual(['client', 'gone', 'host', 'origin']);
  } finally {
    rmSync(`/run/netns/${wrong}`);
  }
  createNamespace(wrong);
  expect((await watched.next('swept')).account).toBe('gone');
  expect(ours()).toEqual([...ROLES, 'wrong']);
});

test('what stands in the way of a wanted account is swept', async () => {
  await leaveBehind('gone');
  // Its tunnel has the same VNI.
  await start([desired('acme', 1, WEB, { ...NETWORK, prefixes: ['198.51.100.0/24'] })]);
  expect((await watched.next('failed', 'acme')).error.code).toBe('network.tunnel-taken');
  expect((await watched.next('swept')).account).toBe('gone');
  await watched.next('in_force', 'acme');
});

test('what a wanted account has left in another namespace is swept, and its own stays whole', async () => {
  const before = `${world.names.realm}-before`;
  createNamespace(before);
  await start([desired('acme', 1, WEB, { ...NETWORK, namespace: { existing: before } })]);
  await watched.next('in_force');
  await watched.agent.close();
  await start([desired('acme', 2, WEB, NETWORK)]);
  // The tunnel that was left has the VNI of the one that is wanted.
  await watched.next('failed');
  await watched.next('in_force');
  expect((await readCounters({ namespace: before })).rules).toEqual([]);
  expect(hostLinks()).toBe(1);
  expect(world.run('host', 'nsenter', `--net=/run/netns/${before}`, 'ip', '-o', 'link')).not.toContain('fra1');
  const inside = world.run('host', 'nsenter', `--net=/run/netns/${world.names.realm}-acme`, 'ip', '-o', 'link');
  expect(inside).toContain('fra1');
  expect(inside).toContain('uplink@');
});

test('what is of another realm, or not ours at all, stays', async () => {
  // Named as one of ours would be, but nobody has marked it.
  createNamespace(`${world.names.realm}-unmarked`);
  await leaveBehind('gone');
  const other = startWatched(`${world.names.realm.slice(0, 30)}-x`, [desired('acme', 1, WEB)], {
    host: world.host.target,
  });
  try {
    await other.next('in_force', 'acme');
    await start();
    await watched.next('swept', 'gone');
    expect(ours()).toEqual([...ROLES, 'unmarked', 'x-acme']);
    const { rules } = await readCounters({ namespace: `${world.names.realm.slice(0, 30)}-x-acme` });
    expect(rules.map(({ ref }) => ref)).toEqual(['web']);
  } finally {
    await other.agent.remove('acme');
    await other.agent.close();
  }
});

test('an account that is wanted again while it is swept comes back', async () => {
  await leaveBehind('gone');
  await start();
  await watched.next('swept', 'gone');
  await watched.agent.put(desired('gone', 2, WEB));
  expect(watched.agent.status('gone')).toMatchObject({ state: 'in_force', applied: 2 });
});

test('removing an account that only an agent before knew removes what it left', async () => {
  await leaveBehind('gone');
  await start();
  expect(await watched.agent.remove('gone')).toEqual({ kind: 'removed' });
  expect(ours()).toEqual(ROLES);
  expect(hostLinks()).toBe(0);
});
