// A record that cannot be read: its account is held as the kernel has it, all others are kept as ever, nothing is swept, and
// nothing of what is on the disk is lost. It is mended by a change, or by the file as it was.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, startDaemon } from '../../src/daemon/daemon';
import { createNamespace, listNamespaces } from '../../src/netns/namespace';
import { readCounters } from '../../src/reconcile/counters';
import { makeWorld, type World } from '../network/world';
import { ask } from './ask';
import { type AwaitedLog, awaitedLog } from './awaited-log';
import { settingsIn } from './settings-in';

const SWEEP_PUT_OFF = 'nothing is swept, as not everything can be read';
const FAILED = 'not in force; what was before still is';

let world: World;
let folder: string;
let socket: string;
let daemon: Daemon;
let log: AwaitedLog;

beforeEach(async () => {
  world = makeWorld('record');
  folder = mkdtempSync(join(tmpdir(), 'rampart-record-'));
  socket = join(folder, 'agent.sock');
  await start();
  expect(await put('acme', document('acme', 1))).toMatchObject({ status: 200, value: { version: 1 } });
  expect(await put('acme', document('acme', 2))).toMatchObject({ status: 200, value: { version: 2 } });
  expect(await put('beta', document('beta', 9))).toMatchObject({ status: 200, value: { version: 1 } });
  await daemon.close();
});

afterEach(async () => {
  await daemon.close();
  world.remove();
  rmSync(folder, { recursive: true });
});

const damages: readonly (readonly [string, (path: string) => void, object])[] = [
  [
    'that is gone',
    rmSync,
    { code: 'store.system', message: expect.stringMatching(/^cannot read .*acme\/state\.json: ENOENT/) },
  ],
  [
    'that is empty, as after a crash of the machine',
    path => writeFileSync(path, ''),
    { code: 'store.damaged', message: expect.stringContaining('is not as it was written') },
  ],
  [
    'that is a folder',
    path => {
      rmSync(path);
      mkdirSync(path);
    },
    { code: 'store.system', message: expect.stringContaining('EISDIR') },
  ],
];

describe.each(damages)('a record %s', (_, damage, error) => {
  let written: string;

  beforeEach(async () => {
    written = readFileSync(state(), 'utf8');
    damage(state());
    await start();
    await log.logged({ msg: 'in force', account: 'beta' });
    await log.logged({ msg: FAILED, account: 'acme' });
    // What filters is known, and looked after.
    await log.logged({ msg: 'in force', account: 'acme', version: 2 });
  });

  test('holds its account as the kernel has it, and that one alone', async () => {
    expect((await ask(socket, 'GET', '/accounts/acme')).value).toMatchObject({
      state: 'failed',
      applied: 2,
      error: { place: 'the record of acme', cure: expect.stringContaining('rampart rollback acme N'), ...error },
      versions: 2,
      nextRetryAt: expect.any(String),
    });
    expect((await ask(socket, 'GET', '/accounts/beta')).value).toMatchObject({ state: 'in_force', applied: 1 });
    expect(await put('beta', document('beta', 8))).toMatchObject({ status: 200, value: { outcome: 'in_force' } });
    expect(await rulesOf('acme')).toEqual(['ttl2']);
    await log.logged({ msg: SWEEP_PUT_OFF });
    expect(log.lines.map(({ msg }) => msg)).not.toContain('the store refuses; it is tried again, or after a restart');
  });

  test('is mended by a document, whose version comes after those whose texts are there', async () => {
    expect(await put('acme', document('acme', 3))).toMatchObject({
      status: 200,
      value: { version: 3, outcome: 'in_force' },
    });
    expect(await rulesOf('acme')).toEqual(['ttl3']);
    expect((await ask(socket, 'GET', '/accounts/acme/versions')).value).toMatchObject({
      desired: 3,
      versions: [{ version: 1 }, { version: 2 }, { version: 3 }],
    });
    await daemon.close();
    await start();
    expect(await log.logged({ msg: 'in force', account: 'acme' })).toMatchObject({ version: 3, changes: [] });
  });

  test('is mended by going back to a version that is named', async () => {
    expect(await ask(socket, 'POST', '/accounts/acme/rollback')).toMatchObject({
      status: 503,
      value: { errors: [{ code: expect.stringMatching(/^store\./), message: expect.stringContaining(state()) }] },
    });
    expect(await ask(socket, 'POST', '/accounts/acme/rollback?version=1')).toMatchObject({
      status: 200,
      value: { version: 1, outcome: 'in_force' },
    });
    expect(await rulesOf('acme')).toEqual(['ttl1']);
  });

  test('is mended by the file as it was', async () => {
    rmSync(state(), { recursive: true, force: true });
    writeFileSync(state(), written);
    await log.logged({ msg: 'in force', account: 'acme', version: 2 });
    expect((await ask(socket, 'GET', '/accounts/acme')).value).toMatchObject({ state: 'in_force', failures: 0 });
    expect(readFileSync(state(), 'utf8')).toBe(written);
  });

  test('takes no change that waits for a confirmation, as nobody knows the way back', async () => {
    expect(await ask(socket, 'PUT', '/accounts/acme?confirm_within=60s', document('acme', 3))).toMatchObject({
      status: 409,
      value: { errors: [{ code: 'confirmation.no-way-back' }] },
    });
    expect((await ask(socket, 'POST', '/accounts/acme/confirm')).status).toBe(503);
    expect((await ask(socket, 'POST', '/accounts/acme/plan', document('acme', 3))).status).toBe(503);
    expect(await rulesOf('acme')).toEqual(['ttl2']);
  });

  test('does not keep its account from being removed', async () => {
    expect((await ask(socket, 'DELETE', '/accounts/acme')).value).toEqual({ account: 'acme', outcome: 'removed' });
    expect((await ask(socket, 'GET', '/accounts')).value.accounts).toMatchObject([{ account: 'beta' }]);
    expect(ours()).toEqual(['beta', 'client', 'host', 'origin']);
    expect(readdirSync(join(folder, 'data/accounts'))).toEqual(['beta']);
  });
});

test('a deadline that passed while the record could not be read leads back as ever', async () => {
  await start();
  expect((await ask(socket, 'PUT', '/accounts/acme?confirm_within=1h', document('acme', 3))).status).toBe(200);
  await daemon.close();
  const record = JSON.parse(readFileSync(state(), 'utf8'));
  record.pending.deadline = new Date(Date.now() - 1000);
  rmSync(state());
  await start();
  await log.logged({ msg: FAILED, account: 'acme' });
  expect(await rulesOf('acme')).toEqual(['ttl3']);
  writeFileSync(state(), JSON.stringify(record));
  await log.logged({ msg: 'not confirmed in time; the version before comes back', version: 3, to: 2 });
  await log.logged({ msg: 'in force', account: 'acme', version: 2 });
  expect(await rulesOf('acme')).toEqual(['ttl2']);
});

test('a text that comes back is read again by itself', async () => {
  const path = join(folder, 'data/accounts/acme/versions/2.yaml');
  const text = readFileSync(path);
  writeFileSync(path, '');
  await start();
  await log.logged({ msg: FAILED, account: 'acme' });
  await log.logged({ msg: FAILED, account: 'acme' });
  writeFileSync(path, text);
  await log.logged({ msg: 'in force', account: 'acme', version: 2 });
  expect((await ask(socket, 'GET', '/accounts/acme')).value).toMatchObject({ state: 'in_force', failures: 0 });
});

test('what is no account’s folder is told, and nothing is swept while it is there', async () => {
  createNamespace(`${world.names.realm}-other`);
  mkdirSync(join(folder, 'data/accounts/acme.bak'));
  await start();
  const path = join(folder, 'data/accounts/acme.bak');
  await log.logged({ code: 'store.foreign-file', message: `${path} is no account's folder` });
  await log.logged({ msg: 'in force', account: 'acme' });
  await log.logged({ msg: SWEEP_PUT_OFF });
});

async function start(): Promise<void> {
  log = awaitedLog();
  const { host, names } = world;
  const backoff = { first: 50, most: 200, jitter: 0 };
  daemon = await startDaemon(
    settingsIn(folder, { realm: names.realm, host: host.target, verifyEvery: 200, backoff }),
    log.logger,
  );
}

function put(account: string, text: string) {
  return ask(socket, 'PUT', `/accounts/${account}`, text);
}

function state(): string {
  return join(folder, 'data/accounts/acme/state.json');
}

function ours(): string[] {
  const realm = `${world.names.realm}-`;
  return listNamespaces().flatMap(name => (name.startsWith(realm) ? name.slice(realm.length) : []));
}

async function rulesOf(account: string): Promise<readonly string[]> {
  const counters = await readCounters({ namespace: `${world.names.realm}-${account}` });
  return counters.rules.map(({ ref }) => ref);
}

function document(account: string, ttl: number): string {
  const prefixes = [account === 'acme' ? '203.0.113.0/24' : '198.51.100.0/24'];
  const rules = [{ ref: `ttl${ttl}`, expression: `ip.ttl == ${ttl}`, action: 'block' }];
  return JSON.stringify({ account, prefixes, rules });
}
