// Where an account is that somebody else's namespace holds, also when nobody can read what is desired of it, or an agent was
// killed in between: removing it leaves nothing, and nothing of others goes.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, startDaemon } from '../../src/daemon/daemon';
import { createNamespace } from '../../src/netns/namespace';
import { readCounters } from '../../src/reconcile/counters';
import { makeWorld, type World } from '../network/world';
import { ask } from './ask';
import { type AwaitedLog, awaitedLog } from './awaited-log';
import { settingsIn } from './settings-in';

const FAILED = 'not in force; what was before still is';
const TUNNEL = { name: 'vx', kind: 'vxlan', local: '192.0.2.1', remote: '192.0.2.2', key: 7 };

let world: World;
let folder: string;
let socket: string;
let daemon: Daemon;
let log: AwaitedLog;
let theirs: string;

beforeEach(async () => {
  world = makeWorld('footprint');
  folder = mkdtempSync(join(tmpdir(), 'rampart-footprint-'));
  socket = join(folder, 'agent.sock');
  theirs = `${world.names.realm}-theirs`;
  createNamespace(theirs);
  await start();
});

afterEach(async () => {
  await daemon.close();
  world.remove();
  rmSync(folder, { recursive: true });
});

const existing = () => ({ existing: theirs });
const places: readonly (readonly [string, () => object | string, () => string])[] = [
  ['a namespace that was there', existing, () => theirs],
  ['the host’s namespace', () => 'host', () => world.space('host')],
];
const damages: readonly (readonly [string, () => void])[] = [
  ['its document is damaged', () => writeFileSync(inStore('versions/1.yaml'), '')],
  ['its record is damaged', () => writeFileSync(inStore('state.json'), '')],
  [
    'record and document are damaged',
    () => {
      writeFileSync(inStore('versions/1.yaml'), '');
      writeFileSync(inStore('state.json'), '');
    },
  ],
  [
    'its record is damaged, and an agent before this one left no footprint',
    () => {
      rmSync(inStore('footprint.json'), { force: true });
      writeFileSync(inStore('state.json'), '');
    },
  ],
];

describe.each(places)('an account in %s', (_, namespace, name) => {
  beforeEach(async () => {
    expect((await put(document(1, { namespace: namespace(), tunnels: [TUNNEL] }))).value.outcome).toBe('in_force');
    expect(await refs(name())).toEqual(['ttl1']);
    await daemon.close();
  });

  test.each(damages)('is removed with its rules and links though %s', async (_, damage) => {
    damage();
    await start();
    await log.logged({ msg: FAILED, account: 'acme' });
    expect(await refs(name())).toEqual(['ttl1']);
    expect((await ask(socket, 'DELETE', '/accounts/acme')).value).toEqual({ account: 'acme', outcome: 'removed' });
    expectNothingIn(name());
  });

  test('whose removal was interrupted goes with the next agent', async () => {
    const { desired, previous, ...removing } = JSON.parse(readFileSync(inStore('state.json'), 'utf8'));
    writeFileSync(inStore('state.json'), JSON.stringify(removing));
    await start();
    await log.logged({ msg: 'removed', account: 'acme' });
    expectNothingIn(name());
  });
});

test('rules without a network are removed from the namespace that the account has left, by an agent after that', async () => {
  await put(document(1, { namespace: existing() }));
  await daemon.close();
  // Killed when the next version was kept, and before the kernel had it.
  const record = JSON.parse(readFileSync(inStore('state.json'), 'utf8'));
  await start();
  await put(document(2, {}));
  await daemon.close();
  const next = readFileSync(inStore('state.json'), 'utf8');
  writeFileSync(inStore('state.json'), JSON.stringify(record));
  await start();
  await log.logged({ msg: 'in force', account: 'acme', version: 1 });
  await daemon.close();
  writeFileSync(inStore('state.json'), next);
  writeFileSync(inStore('versions/2.yaml'), document(2, {}));
  await start();
  await log.logged({ msg: 'in force', account: 'acme', version: 2 });
  expectNothingIn(theirs);
});

test('another account’s rules in the namespace that it was in stay', async () => {
  await put(document(1, { namespace: existing() }));
  await put(document(2, {}));
  const other = { account: 'other', namespace: existing(), rules: [rule(9)] };
  expect((await ask(socket, 'PUT', '/accounts/other', JSON.stringify(other))).status).toBe(200);
  await daemon.close();
  writeFileSync(inStore('state.json'), '');
  rmSync(inStore('footprint.json'));
  await start();
  await log.logged({ msg: FAILED, account: 'acme' });
  await log.logged({ msg: 'in force', account: 'other' });
  expect((await ask(socket, 'DELETE', '/accounts/acme')).value).toEqual({ account: 'acme', outcome: 'removed' });
  expect(await refs(theirs)).toEqual(['ttl9']);
});

test('a version that is refused at the start leaves the one before looked after', async () => {
  await put(document(1, { prefixes: ['203.0.113.0/24'] }));
  await put(document(2, { prefixes: ['203.0.113.0/24'], namespace: { existing: `${world.names.realm}-missing` } }));
  await daemon.close();
  await start();
  await log.logged({ msg: FAILED, account: 'acme', version: 2 });
  await log.logged({ msg: 'in force', account: 'acme', version: 1 });
  world.run('host', 'ip', 'route', 'flush', 'proto', '82');
  await log.logged({ msg: 'changed by others, and put right', account: 'acme' });
  expect((await ask(socket, 'GET', '/accounts/acme')).value).toMatchObject({ state: 'failed', desired: 2, applied: 1 });
});

function expectNothingIn(namespace: string): void {
  const inside = (...command: readonly string[]) =>
    world.run('host', 'nsenter', `--net=/run/netns/${namespace}`, ...command);
  expect(inside('nft', 'list', 'tables')).toBe('');
  expect(inside('ip', '-o', 'link')).not.toContain('vx');
  expect(world.run('host', 'ip', '-o', 'link')).not.toMatch(/ rp[0-9a-f]{13}/);
}

async function start(): Promise<void> {
  log = awaitedLog();
  const { host, names } = world;
  const backoff = { first: 50, most: 200, jitter: 0 };
  daemon = await startDaemon(
    settingsIn(folder, { realm: names.realm, host: host.target, verifyEvery: 200, backoff }),
    log.logger,
  );
}

function put(text: string) {
  return ask(socket, 'PUT', '/accounts/acme', text);
}

function inStore(file: string): string {
  return join(folder, 'data/accounts/acme', file);
}

async function refs(namespace: string): Promise<readonly string[]> {
  return (await readCounters({ namespace })).rules.map(({ ref }) => ref);
}

function document(ttl: number, network: object): string {
  return JSON.stringify({ account: 'acme', ...network, rules: [rule(ttl)] });
}

function rule(ttl: number): object {
  return { ref: `ttl${ttl}`, expression: `ip.ttl == ${ttl}`, action: 'block' };
}
