// A client that goes away before it is answered: what it has asked for is done all the same, and without its confirmation the
// version before comes back.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, startDaemon } from '../../src/daemon/daemon';
import { readCounters } from '../../src/reconcile/counters';
import { realmOf, removeRealm } from '../agent/agent-events';
import { ask } from '../daemon/ask';
import { type AwaitedLog, awaitedLog } from '../daemon/awaited-log';
import { settingsIn } from '../daemon/settings-in';

const REALM = realmOf('gone');
const LEFT = { msg: 'request', method: 'PUT', answered: false };

let folder: string;
let socket: string;
let log: AwaitedLog;
let daemon: Daemon;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), `${REALM}-`));
  socket = join(folder, 'agent.sock');
  log = awaitedLog();
  daemon = await startDaemon({ ...settingsIn(folder, { realm: REALM }), bodyLimit: 10_000 }, log.logger);
  expect(await ask(socket, 'PUT', '/accounts/acme', document('old'))).toMatchObject({ status: 200 });
});

afterEach(async () => {
  await daemon.close();
  await removeRealm(REALM);
  rmSync(folder, { recursive: true });
});

test('the change is in force, and can be confirmed by the next one', async () => {
  await putAndLeave('1h');
  await log.logged(LEFT);
  await log.logged({ msg: 'in force', version: 2 });
  expect(await rules()).toEqual(['new']);
  expect((await ask(socket, 'GET', '/accounts/acme')).value).toMatchObject({
    state: 'pending_confirmation',
    desired: 2,
    applied: 2,
    confirmBy: expect.any(String),
  });
  expect(await ask(socket, 'POST', '/accounts/acme/confirm')).toMatchObject({ status: 200, value: { version: 2 } });
});

test('the time to confirm it runs, and the version before comes back', async () => {
  await log.logged({ msg: 'in force', version: 1 });
  await putAndLeave('1s');
  await log.logged(LEFT);
  await log.logged({ msg: 'not confirmed in time; the version before comes back', version: 2, to: 1 });
  await log.logged({ msg: 'in force', version: 1 });
  expect(await rules()).toEqual(['old']);
  expect((await ask(socket, 'GET', '/accounts/acme')).value).toMatchObject({ state: 'in_force', desired: 1 });
});

/** The connection is gone before the agent has read the request. */
async function putAndLeave(confirmWithin: string): Promise<void> {
  const body = document('new');
  const client = connect(socket);
  await once(client, 'connect');
  const path = `/rampart/v1/accounts/acme?confirm_within=${confirmWithin}`;
  const head = [`PUT ${path} HTTP/1.1`, 'host: agent', `content-length: ${Buffer.byteLength(body)}`];
  client.write(`${head.join('\r\n')}\r\n\r\n${body}`, () => client.destroy());
  await once(client, 'close');
}

async function rules(): Promise<readonly string[]> {
  const counters = await readCounters({ namespace: `${REALM}-acme` });
  return counters.rules.map(({ ref }) => ref);
}

function document(ref: string): string {
  return JSON.stringify({ account: 'acme', rules: [{ ref, expression: 'ip.ttl == 1', action: 'block' }] });
}
