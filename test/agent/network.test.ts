// An account's links and routes, made by the agent on a host of the test's own: what others take away comes back, the way of
// packets follows the health of tunnels, and what goes leaves nothing.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AgentSettings } from '../../src/agent/agent-settings';
import { createNamespace, deleteNamespace, listNamespaces } from '../../src/netns/namespace';
import { ask, type Echo, makeWorld, startEcho, type World } from '../network/world';
import { startWatched, type Watched } from './agent-events';
import { desired } from './documents';

const ADDRESS = '203.0.113.10';
const RULES = { other: 'udp.dstport == 7776' };

let world: World;
let echo: Echo;
let watched: Watched;

beforeEach(async () => {
  world = makeWorld('agent');
  makePeer('t0', 42, '10.255.0.1/31');
  echo = await startEcho(world, 'origin', ADDRESS);
});

afterEach(async () => {
  await watched.agent.close();
  await echo.stop();
  world.remove();
});

function makePeer(device: string, id: number, address: string): void {
  const { run } = world;
  const ends = ['local', '192.0.2.2', 'remote', '192.0.2.1', 'dstport', '4789'];
  run('origin', 'ip', 'link', 'add', device, 'type', 'vxlan', 'id', String(id), ...ends);
  run('origin', 'ip', 'address', 'add', address, 'dev', device);
  run('origin', 'ip', 'link', 'set', device, 'up', 'mtu', '1450');
}

function tunnel(name: string, key: number, address: string): object {
  return {
    name,
    kind: 'vxlan',
    local: '192.0.2.1',
    remote: '192.0.2.2',
    key,
    port: 4789,
    mtu: 1450,
    addresses: [address],
  };
}

const ONE_TUNNEL = {
  prefixes: ['203.0.113.0/24'],
  tunnels: [tunnel('fra1', 42, '10.255.0.0/31')],
  routes: [{ prefix: '203.0.113.0/24', tunnel: 'fra1', gateway: '10.255.0.1' }],
};

async function start(network: object = ONE_TUNNEL, more: Partial<AgentSettings> = {}): Promise<string> {
  const settings = { host: world.host.target, verifyEvery: 3_600_000, ...more };
  watched = startWatched(world.names.realm, [desired('acme', 1, RULES, network)], settings);
  await watched.next('in_force', 'acme');
  return `${world.names.realm}-acme`;
}

/** In the account's namespace. */
function inside(...command: readonly string[]): string {
  return world.run('host', 'nsenter', `--net=/run/netns/${world.names.realm}-acme`, ...command);
}

function hostLink(): string {
  return /rp[0-9a-f]{13}/.exec(world.run('host', 'ip', '-o', 'link'))?.[0] ?? 'none';
}

test('packets come through, and what the agent changes itself is no drift', async () => {
  await start();
  expect(ask(world, 'client', 'udp', ADDRESS, 100)).toBe(true);
  for (let version = 2; version < 6; version++) {
    const routes = [{ prefix: '203.0.113.0/24', tunnel: 'fra1', gateway: '10.255.0.1', priority: 100 + version }];
    await watched.agent.put(desired('acme', version, RULES, { ...ONE_TUNNEL, routes }));
  }
  expect(ask(world, 'client', 'udp', ADDRESS, 100)).toBe(true);
  inside('ip', 'link', 'delete', 'fra1');
  expect(await watched.next('repaired')).toMatchObject({ by: [] });
  expect(watched.agent.status('acme')?.drift.count).toBe(1);
});

describe('is repaired:', () => {
  test.each<[string, () => void, string]>([
    ['a deleted tunnel', () => inside('ip', 'link', 'delete', 'fra1'), 'gone: tunnel fra1 (vxlan)'],
    ['a deleted uplink', () => inside('ip', 'link', 'delete', 'uplink'), 'gone: link uplink'],
    ['a deleted link of the host', () => world.run('host', 'ip', 'link', 'delete', hostLink()), 'gone: link uplink'],
    ['a tunnel that is down', () => inside('ip', 'link', 'set', 'fra1', 'down'), 'not as planned: link fra1: up'],
    [
      'a tunnel that leads nowhere',
      () => inside('bridge', ...'fdb delete 00:00:00:00:00:00 dev fra1 dst 192.0.2.2 self'.split(' ')),
      'not as planned: fdb entry 00:00:00:00:00:00 of fra1: to 192.0.2.2',
    ],
    [
      'a tunnel that leads elsewhere too',
      () => inside('bridge', ...'fdb append 00:00:00:00:00:00 dev fra1 dst 192.0.2.3 self'.split(' ')),
      'too much: fdb entry 00:00:00:00:00:00 of fra1: to 192.0.2.3',
    ],
    [
      'a tunnel in a bridge',
      () => inside('sh', '-c', 'ip link add br9 type bridge; ip link set br9 up; ip link set fra1 master br9'),
      'not as planned: link fra1: no master',
    ],
    [
      'a link of the host in a bridge',
      () => world.run('host', 'sh', '-c', `ip link add br9 type bridge; ip link set ${hostLink()} master br9`),
      ' on the host: no master',
    ],
    [
      'a tunnel that asks for no neighbours',
      () => inside('ip', 'link', 'set', 'fra1', 'arp', 'off'),
      'not as planned: link fra1: arp on',
    ],
    [
      'a tunnel that was moved to the host',
      () => inside('ip', 'link', 'set', 'fra1', 'netns', world.space('host')),
      'too much: link fra1 on the host',
    ],
    [
      'a tunnel without carrier',
      () => inside('ip', 'link', 'set', 'fra1', 'protodown', 'on'),
      'not as planned: link fra1: protodown off',
    ],
    [
      'a deleted route of the account',
      () => inside('ip', 'route', 'delete', '203.0.113.0/24', 'via', '10.255.0.1'),
      'gone: route 203.0.113.0/24 by fra1 via 10.255.0.1',
    ],
    [
      'a deleted route of the host',
      () => world.run('host', 'ip', 'route', 'delete', '203.0.113.0/24'),
      'gone: route 203.0.113.0/24 by rp',
    ],
    [
      'a deleted address',
      () => inside('ip', 'address', 'delete', '10.255.0.0/31', 'dev', 'fra1'),
      'gone: address 10.255.0.0/31 of fra1',
    ],
    [
      'a deleted neighbour of the account',
      () => inside('ip', 'neighbour', 'delete', '169.254.0.1', 'dev', 'uplink'),
      'not as planned: neighbour 169.254.0.1 of uplink',
    ],
    [
      'another neighbour on the host',
      () =>
        world.run(
          'host',
          ...['ip', 'neighbour', 'replace', '169.254.0.2', 'lladdr', '02:00:00:00:00:01'],
          ...['dev', hostLink(), 'nud', 'permanent'],
        ),
      'not as planned: neighbour 169.254.0.2 of rp',
    ],
    [
      'a setting of the link on the host',
      () => world.run('host', 'sysctl', '-qw', `net.ipv4.conf.${hostLink()}.forwarding=0`),
      'not as planned: setting net/ipv4/conf/rp',
    ],
  ])('%s', async (_, harm, words) => {
    await start();
    // What is looked at because of the agent's own changes is past with a first repair.
    inside('ip', 'route', 'delete', '203.0.113.0/24', 'via', '10.255.0.1');
    await watched.next('repaired', 'acme');
    harm();
    const { changes } = await watched.next('repaired', 'acme');
    expect(changes.join('\n')).toContain(words);
    expect(ask(world, 'client', 'udp', ADDRESS, 100)).toBe(true);
  });

  test('a deleted namespace, links and all', async () => {
    const namespace = await start();
    world.run('host', 'ip', 'netns', 'delete', namespace);
    await watched.next('repaired', 'acme');
    expect(ask(world, 'client', 'udp', ADDRESS, 100)).toBe(true);
  });
});

test('a route of the host that takes the place of ours is told at once, and ours is back as soon as it is gone', async () => {
  await start();
  const other = ['203.0.113.0/24', 'via', '192.0.2.2', 'metric', '82'];
  world.run('host', 'ip', 'route', 'replace', ...other);
  expect((await watched.next('failed', 'acme')).error.code).toBe('network.foreign-route');
  // The retry that was told is half a second off and more.
  world.run('host', 'ip', 'route', 'delete', ...other);
  expect((await watched.next('repaired', 'acme')).changes.join()).toContain('gone: route 203.0.113.0/24 by rp');
  expect(watched.agent.status('acme')).toMatchObject({ state: 'in_force' });
});

test('what is in the way of a repair is seen to go, however long the next retry is off', async () => {
  await start(ONE_TUNNEL, { backoff: { first: 3_600_000, most: 3_600_000, jitter: 0 } });
  const ours = ['203.0.113.0/24', 'via', '10.255.0.1', 'dev', 'fra1', 'metric', '100'];
  inside('ip', 'route', 'replace', ...ours, 'protocol', 'static');
  expect((await watched.next('failed', 'acme')).error.code).toBe('network.foreign-route');
  inside('ip', 'route', 'delete', ...ours);
  expect((await watched.next('repaired', 'acme')).changes.join()).toContain('gone: route 203.0.113.0/24 by fra1');
  expect(watched.agent.status('acme')).toMatchObject({ state: 'in_force' });
});

test('a link in the way of one tunnel keeps neither the rules nor the other tunnel from being repaired', async () => {
  const namespace = `${world.names.realm}-acme`;
  // As on a kernel where tables have no owner.
  createNamespace(namespace);
  for (const family of ['ip', 'ip6']) inside('nft', `add table ${family} rampart { comment "rampart"; }`);
  await start({ ...ONE_TUNNEL, tunnels: [...ONE_TUNNEL.tunnels, tunnel('fra2', 43, '10.255.1.0/31')] });
  const script = [
    'link add other type veth peer name others',
    'link delete fra1',
    'link set other name fra1',
    'link delete fra2',
  ].join('\n');
  inside('sh', '-c', `echo '${script}' | ip -batch - && nft flush ruleset`);
  expect((await watched.next('failed', 'acme')).error.code).toBe('network.foreign-link');
  const found = new Set<string>();
  while (!(found.has('gone: tunnel fra2 (vxlan)') && found.has('rules removed: other')))
    for (const words of (await watched.next('repaired', 'acme')).changes) found.add(words);
  expect(inside('nft', 'list', 'table', 'ip', 'rampart')).toContain('ref=other');
  expect(inside('ip', '-o', 'link')).toContain('fra2');
  // It is somebody else's, and stays as it is.
  expect(inside('ip', 'address', 'show', 'fra1')).not.toContain('inet ');
  expect(inside('ip', 'address', 'show', 'fra1')).toContain('state DOWN');
  expect(watched.agent.status('acme')).toMatchObject({ state: 'failed', error: { code: 'network.foreign-link' } });
});

test('no link is made while the rules cannot be repaired', async () => {
  const namespace = `${world.names.realm}-acme`;
  createNamespace(namespace);
  for (const family of ['ip', 'ip6']) inside('nft', `add table ${family} rampart { comment "rampart"; }`);
  await start();
  // Somebody else's table at the place of ours.
  inside('sh', '-c', 'nft "delete table ip rampart; add table ip rampart" && ip link delete uplink');
  expect((await watched.next('failed', 'acme')).error.code).toBe('reconcile.foreign-table');
  await watched.next('failed', 'acme');
  expect(inside('ip', '-o', 'link')).not.toContain('uplink');
  inside('nft', 'delete table ip rampart');
  await watched.next('repaired', 'acme');
  expect(ask(world, 'client', 'udp', ADDRESS, 100)).toBe(true);
});

test('nothing that is blocked comes through while its namespace is deleted and made anew', async () => {
  const namespace = await start();
  world.run(
    'origin',
    'nft',
    'add table ip watch; add chain ip watch in { type filter hook prerouting priority -500; }',
  );
  world.run('origin', 'nft', 'add rule ip watch in iifname t0 udp dport 7776 counter drop');
  const script = `for i in {1..1000000}; do echo > /dev/udp/${ADDRESS}/7776; done 2> /dev/null`;
  const command = [`--net=/run/netns/${world.space('client')}`, 'bash', '-c', script];
  const flood = spawn('nsenter', command, { stdio: 'ignore' });
  // On a slow machine it may have ended before.
  const ended = once(flood, 'exit');
  try {
    for (let time = 0; time < 10; time++) {
      deleteNamespace(namespace);
      await watched.next('repaired', 'acme');
    }
  } finally {
    flood.kill('SIGKILL');
    await ended;
  }
  expect(world.run('origin', 'nft', 'list', 'ruleset')).toContain('counter packets 0 ');
}, 120_000);

test('a removed account leaves the host as it was', async () => {
  const before = hostState();
  await start();
  expect(hostState()).not.toBe(before);
  expect(await watched.agent.remove('acme')).toEqual({ kind: 'removed' });
  expect(hostState()).toBe(before);
});

test('a tunnel whose probes fail loses its routes to the other, and gets them back', async () => {
  makePeer('t1', 43, '10.255.1.1/31');
  const health = { rate: 'high', type: 'request', direction: 'bidirectional' };
  await start({
    prefixes: ['203.0.113.0/24'],
    tunnels: [
      { ...tunnel('fra1', 42, '10.255.0.0/31'), health: { ...health, target: '10.255.0.1' } },
      { ...tunnel('fra2', 43, '10.255.1.0/31'), health: { ...health, target: '10.255.1.1' } },
    ],
    routes: [
      { prefix: '203.0.113.0/24', tunnel: 'fra1', gateway: '10.255.0.1', priority: 100 },
      { prefix: '203.0.113.0/24', tunnel: 'fra2', gateway: '10.255.1.1', priority: 200 },
    ],
  });
  world.run('origin', 'ip', 'link', 'set', 't0', 'down');
  while ((await watched.next('rerouted')).tunnels.fra1 !== 'down');
  expect(inside('ip', 'route', 'get', ADDRESS)).toContain('dev fra2');
  expect(watched.agent.status('acme')).toMatchObject({
    state: 'in_force',
    drift: { count: 0 },
    tunnels: { fra1: { state: 'down' }, fra2: { state: 'healthy' } },
  });
  expect(ask(world, 'client', 'udp', ADDRESS, 100)).toBe(true);
}, 60_000);

/** Names of links and of the realm's namespaces, and routes. */
function hostState(): string {
  const links = world.run('host', 'ip', '-o', 'link').match(/^[0-9]+: [^:@]+/gm);
  const namespaces = listNamespaces().filter(name => name.startsWith(world.names.realm));
  const routes = [world.run('host', 'ip', 'route'), world.run('host', 'ip', '-6', 'route')];
  return [...(links ?? []).map(link => link.replace(/^[0-9]+: /, '')), ...namespaces, ...routes].join('\n');
}
