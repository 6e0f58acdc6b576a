// A desired document that is damaged, or that this program does not take any more: its account stands as failed, what the
// kernel has of it stays, and all others are kept as ever.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, startDaemon } from '../../src/daemon/daemon';
import { namespaceExists } from '../../src/netns/namespace';
import { readCounters } from '../../src/reconcile/counters';
import { documentDigest } from '../../src/store/document-digest';
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
  world = makeWorld('damaged');
  folder = mkdtempSync(join(tmpdir(), 'rampart-damaged-'));
  socket = join(folder, 'agent.sock');
  await start();
  expect(await put('acme', document('acme', 'ip.ttl == 1'))).toMatchObject({ status: 200, value: { version: 1 } });
  expect(await put('beta', document('beta', 'ip.ttl == 9'))).toMatchObject({ status: 200, value: { version: 1 } });
  await daemon.close();
});

afterEach(async () => {
  await daemon.close();
  world.remove();
  rmSync(folder, { recursive: true });
});

const BROKEN_RULE = document('acme', 'no.such_field == 1');
const UNKNOWN_KEY = 'account: acme\nrules: []\nrulez: []\n';

const cases: readonly (readonly [string, () => void, object])[] = [
  [
    'gone',
    () => rmSync(version(1)),
    { code: 'store.system', place: 'version 1 of acme', message: expect.stringContaining('1.yaml') },
  ],
  [
    'changed on the disk',
    () => writeFileSync(version(1), document('acme', 'ip.ttl == 2')),
    { code: 'store.damaged', place: 'version 1 of acme', message: expect.stringContaining('its digest differs') },
  ],
  [
    'refused by what is checked today',
    () => replace(UNKNOWN_KEY),
    { code: 'policy.unknown-key', place: 'version 1 of acme:3:1', message: expect.any(String) },
  ],
  [
    'refused by the compiler of today',
    () => replace(BROKEN_RULE),
    { code: 'rules.refused', rules: [{ ref: 'ttl', code: 'RF2001' }] },
  ],
];

describe.each(cases)('a desired document that is %s', (_, damage, error) => {
  let record: string;

  beforeEach(async () => {
    damage();
    record = state();
    await start();
    await log.logged({ msg: 'in force', account: 'beta' });
    await log.logged({ msg: FAILED, account: 'acme' });
  });

  test('leaves its account as the kernel has it, its record as it is, and the others kept', async () => {
    expect((await ask(socket, 'GET', '/accounts/acme')).value).toMatchObject({
      state: 'failed',
      desired: 1,
      failures: 1,
      error: { cure: expect.any(String), ...error },
    });
    expect((await ask(socket, 'GET', '/accounts/beta')).value).toMatchObject({ state: 'in_force', applied: 1 });
    expect(await rules()).toEqual(['ttl']);
    expect(hostLinks()).toBe(2);
    expect(state()).toBe(record);
  });

  test('is mended by one that is valid, also the same', async () => {
    const same = document('acme', 'ip.ttl == 1');
    expect(await put('acme', same)).toMatchObject({ status: 200, value: { version: 2, outcome: 'in_force' } });
    const { value } = await ask(socket, 'GET', '/accounts/acme');
    expect(value).toMatchObject({ state: 'in_force', desired: 2, applied: 2, failures: 0 });
    expect(value).not.toHaveProperty('error');
  });

  test('does not keep its account from being removed', async () => {
    expect((await ask(socket, 'DELETE', '/accounts/acme')).value).toEqual({ account: 'acme', outcome: 'removed' });
    expect((await ask(socket, 'GET', '/accounts')).value.accounts).toMatchObject([{ account: 'beta' }]);
    expect(namespaceExists(namespace())).toBe(false);
    expect(hostLinks()).toBe(1);
  });
});

test('nothing is swept while it is not known what is desired of all', async () => {
  writeFileSync(version(1), '');
  await start();
  await log.logged({ msg: SWEEP_PUT_OFF });
  await log.logged({ msg: SWEEP_PUT_OFF });
  expect(await rules()).toEqual(['ttl']);
});

test('no change can wait for its confirmation where there is no way back', async () => {
  writeFileSync(version(1), '');
  await start();
  const path = '/accounts/acme?confirm_within=60s';
  expect(await ask(socket, 'PUT', path, document('acme', 'ip.ttl == 3'))).toMatchObject({
    status: 409,
    value: { errors: [{ code: 'confirmation.no-way-back', cure: expect.any(String) }] },
  });
});

test('a change whose way back is damaged while it waits stays in force, and is told', async () => {
  await start();
  const path = '/accounts/acme?confirm_within=1h';
  await ask(socket, 'PUT', path, document('acme', 'ip.ttl == 3').replace('"ttl"', '"new"'));
  await daemon.close();
  writeFileSync(version(1), '');
  const record = JSON.parse(state());
  record.pending.deadline = new Date(Date.now() + 3000);
  writeFileSync(join(folder, 'data/accounts/acme/state.json'), JSON.stringify(record));
  await start();
  await log.logged({ msg: FAILED, account: 'acme', version: 1 });
  expect(await rules()).toEqual(['new']);
  expect((await ask(socket, 'GET', '/accounts/acme')).value).toMatchObject({
    state: 'failed',
    desired: 1,
    error: { code: 'store.damaged' },
  });
});

async function start(): Promise<void> {
  log = awaitedLog();
  const { host, names } = world;
  daemon = await startDaemon(
    settingsIn(folder, { realm: names.realm, host: host.target, verifyEvery: 200 }),
    log.logger,
  );
}

function put(account: string, text: string) {
  return ask(socket, 'PUT', `/accounts/${account}`, text);
}

/** As an earlier program, which took it, would have kept it. */
function replace(text: string): void {
  writeFileSync(version(1), text);
  const record = JSON.parse(state());
  record.versions[0].digest = documentDigest(text);
  writeFileSync(join(folder, 'data/accounts/acme/state.json'), JSON.stringify(record));
}

function version(number: number): string {
  return join(folder, `data/accounts/acme/versions/${number}.yaml`);
}

function state(): string {
  return readFileSync(join(folder, 'data/accounts/acme/state.json'), 'utf8');
}

function namespace(): string {
  return `${world.names.realm}-acme`;
}

async function rules(): Promise<readonly string[]> {
  const counters = await readCounters({ namespace: namespace() });
  return counters.rules.map(({ ref }) => ref);
}

function hostLinks(): number {
  return world.run('host', 'ip', '-o', 'link').match(/ rp[0-9a-f]{13}/g)?.length ?? 0;
}

function document(account: string, expression: string): string {
  const prefixes = [account === 'acme' ? '203.0.113.0/24' : '198.51.100.0/24'];
  return JSON.stringify({ account, prefixes, rules: [{ ref: 'ttl', expression, action: 'block' }] });
}
