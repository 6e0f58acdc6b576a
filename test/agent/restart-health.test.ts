// The health of tunnels over a restart of the agent: what was known stays, and the way of packets with it.

import type { TunnelState } from '../../src/network/tunnel-state';
import { makeWorld, type World } from '../network/world';
import { startWatched, type Watched } from './agent-events';
import { desired } from './documents';

let world: World;
let watched: Watched;

beforeEach(() => {
  world = makeWorld('health');
});
afterEach(async () => {
  await watched.agent.close();
  world.remove();
});

const ENDS = ['local', '192.0.2.2', 'remote', '192.0.2.1', 'dstport', '4789'];

function makePeer(device: string, id: number, address: string): void {
  const { run } = world;
  run('origin', 'ip', 'link', 'add', device, 'type', 'vxlan', 'id', String(id), ...ENDS);
  run('origin', 'ip', 'address', 'add', address, 'dev', device);
  run('origin', 'ip', 'link', 'set', device, 'up');
}

function tunnel(name: string, key: number, net: string): object {
  const health = { rate: 'high', type: 'request', target: `${net}.1`, direction: 'bidirectional' };
  return { name, kind: 'vxlan', local: '192.0.2.1', remote: '192.0.2.2', key, addresses: [`${net}.0/31`], health };
}

const NETWORK = {
  prefixes: ['203.0.113.0/24'],
  tunnels: [tunnel('fra1', 42, '10.255.0'), tunnel('fra2', 43, '10.255.1')],
  routes: [
    { prefix: '203.0.113.0/24', tunnel: 'fra1', gateway: '10.255.0.1', priority: 100 },
    { prefix: '203.0.113.0/24', tunnel: 'fra2', gateway: '10.255.1.1', priority: 200 },
  ],
};

function start(network: object = NETWORK): void {
  const settings = { host: world.host.target, verifyEvery: 3_600_000 };
  watched = startWatched(world.names.realm, [desired('acme', 1, {}, network)], settings);
}

function inside(...command: readonly string[]): string {
  return world.run('host', 'nsenter', `--net=/run/netns/${world.names.realm}-acme`, ...command);
}

async function untilFra1Is(...states: readonly TunnelState[]): Promise<void> {
  for (;;) {
    const { fra1 } = (await watched.next('rerouted')).tunnels;
    if (fra1 !== undefined && states.includes(fra1)) return;
  }
}

test('a tunnel that is down is down for the next agent, which changes no route', async () => {
  makePeer('t1', 43, '10.255.1.1/31');
  start();
  await untilFra1Is('down');
  await watched.agent.close();

  start();
  expect(await watched.next('in_force', 'acme')).toMatchObject({ changes: [] });
  expect(watched.agent.status('acme')?.tunnels.fra1?.state).toBe('down');
  expect(inside('ip', 'route', 'get', '203.0.113.9')).toContain('dev fra2');

  makePeer('t0', 42, '10.255.0.1/31');
  // The failures of before are not counted by this agent, so that it is not degraded for long.
  await untilFra1Is('degraded', 'healthy');
}, 60_000);

test('a tunnel that is probed no more is as good as any, at once', async () => {
  makePeer('t1', 43, '10.255.1.1/31');
  start();
  await untilFra1Is('down');
  const unprobed = NETWORK.tunnels.map(each => ({ ...each, health: undefined }));
  await watched.agent.put(desired('acme', 2, {}, { ...NETWORK, tunnels: unprobed }));
  expect(inside('ip', 'route', 'get', '203.0.113.9')).toContain('dev fra1');
}, 60_000);
