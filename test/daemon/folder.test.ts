// Accounts from a folder of documents, read again on SIGHUP.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Machine, startMachine } from '../kernel/machine';
import { type AgentProcess, startAgentProcess } from './agent-process';

const folder = mkdtempSync(join(tmpdir(), `rampart-folder-${process.pid}-`));
const accounts = join(folder, 'accounts');
const READ = 'read the folder of documents';
const REFUSED = 'a document is refused; its account stays as it is';

let machine: Machine;
let agent: AgentProcess;

beforeAll(async () => {
  machine = await startMachine({ RAMPART_SOCKET: join(folder, 'agent.sock') });
  mkdirSync(accounts);
  document('one.yaml', 'one', 1);
  document('two.json', 'two', 2);
  writeFileSync(join(accounts, 'README'), 'not a document');
  writeFileSync(join(accounts, '.three.yaml'), 'nor this');
  agent = await startAgentProcess(machine, ['--data', join(folder, 'data'), '--accounts', accounts]);
});

afterAll(async () => {
  await agent.stop();
  await machine.stop();
  rmSync(folder, { recursive: true });
});

test('each document is an account', async () => {
  expect(await agent.logged({ msg: READ })).toMatchObject({ documents: 2, removed: [], refused: 0 });
  expect(statuses()).toEqual(['one in_force 1', 'two in_force 1']);
});

test('a refused document leaves its account as it is and names the place; others go on', async () => {
  writeFileSync(join(accounts, 'one.yaml'), 'account: one\nrules:\n  - {expression: ip.ttl == x, action: block}\n');
  document('two.json', 'two', 3);
  agent.signal('SIGHUP');
  expect(await agent.logged({ msg: REFUSED })).toMatchObject({ place: `${accounts}/one.yaml:3:28` });
  expect(await agent.logged({ msg: READ })).toMatchObject({ documents: 2, removed: [], refused: 1 });
  expect(statuses()).toEqual(['one in_force 1', 'two in_force 2']);
});

test.each([
  ['a file named otherwise than its account', 'four.yaml', 'five', 'account.differs'],
  ['a second document of an account', 'two.yaml', 'two', 'desired.two-documents'],
])('%s is refused', async (_, file, account, code) => {
  document(file, account, 1);
  agent.signal('SIGHUP');
  expect(await agent.logged({ msg: REFUSED, place: join(accounts, file) })).toMatchObject({ code });
  await agent.logged({ msg: READ });
  rmSync(join(accounts, file));
  expect(statuses()).toEqual(['one in_force 1', 'two in_force 2']);
});

test('nobody else changes them', () => {
  const { status, stderr } = machine.rampart(['remove', 'two']);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: `rampart: what is desired comes from ${accounts} [desired.folder]\n  cure: change the documents there, and send SIGHUP to the agent\n`,
  });
});

test('an account whose document is gone goes', async () => {
  document('one.yaml', 'one', 4);
  rmSync(join(accounts, 'two.json'));
  agent.signal('SIGHUP');
  expect(await agent.logged({ msg: READ, refused: 0 })).toMatchObject({ documents: 1, removed: ['two'] });
  expect(statuses()).toEqual(['one in_force 2']);
  expect(machine.output('ls', '/run/netns')).toBe('rampart-one\n');
});

test('an empty folder removes nothing, nor does one that is not there', async () => {
  rmSync(join(accounts, 'one.yaml'));
  agent.signal('SIGHUP');
  const msg = 'the folder of documents is not followed; all stays';
  expect(await agent.logged({ msg })).toMatchObject({ code: 'desired.empty-folder' });
  rmSync(accounts, { recursive: true });
  agent.signal('SIGHUP');
  expect(await agent.logged({ msg })).toMatchObject({ code: 'ENOENT' });
  expect(statuses()).toEqual(['one in_force 2']);
});

function document(file: string, account: string, ttl: number): void {
  const rule = { ref: 'ttl', expression: `ip.ttl == ${ttl}`, action: 'block' };
  writeFileSync(join(accounts, file), JSON.stringify({ account, rules: [rule] }));
}

function statuses(): string[] {
  const { accounts: told } = JSON.parse(machine.rampart(['status', '--json']).stdout);
  return told.map(({ account, state, applied }: Record<string, string>) => `${account} ${state} ${applied}`);
}
