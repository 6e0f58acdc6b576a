// The commands that talk to an agent, as somebody new would go through them: what they print, and their exit status.

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentProcess, startAgentProcess } from '../daemon/agent-process';
import { type Machine, startMachine } from '../kernel/machine';

const folder = mkdtempSync(join(tmpdir(), `rampart-agent-commands-${process.pid}-`));
const socket = join(folder, 'agent.sock');
const acme = join(folder, 'acme.yaml');
const TIME = '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z';

let machine: Machine;
let agent: AgentProcess;

beforeAll(async () => {
  machine = await startMachine({ RAMPART_SOCKET: socket });
  write('tcp.dstport == 80');
});

afterAll(async () => {
  await machine.stop();
  rmSync(folder, { recursive: true });
});

test('without an agent they say how to start one', () => {
  expect(ran('status')).toEqual({
    status: 1,
    stdout: '',
    stderr: `rampart: no agent answers on ${socket}: connect ENOENT ${socket} [agent.unreachable]\n  cure: start one with \`rampart agent\`, or name its socket\n`,
  });
});

test('an agent starts', async () => {
  agent = await startAgentProcess(machine, ['--data', join(folder, 'data')]);
  expect(printed('status')).toBe('there are no accounts\n');
});

test('a second one on the same folder is refused, and told who has it', () => {
  expect(ran('agent', '--data', join(folder, 'data'))).toEqual({
    status: 1,
    stdout: '',
    stderr: `rampart: ${folder}/data is in use by process ${holder()} [store.locked]\n  cure: stop that process, or name another folder with --data\n`,
  });
});

test('so is a second one of the same realm, which would sweep the accounts of the first', () => {
  expect(ran('agent', '--data', join(folder, 'other'), '--socket', join(folder, 'other.sock'))).toEqual({
    status: 1,
    stdout: '',
    stderr: `rampart: realm rampart is kept by process ${holder()} [daemon.realm-taken]\n  cure: stop that process, or name another realm with --realm\n`,
  });
});

test('so is a second one on the same socket', () => {
  expect(ran('agent', '--data', join(folder, 'other'), '--realm', 'other')).toEqual({
    status: 1,
    stdout: '',
    stderr: `rampart: another process listens on ${socket} [daemon.socket-in-use]\n  cure: stop that process, or name another path with --socket\n`,
  });
});

test('a dry run asks the kernel, and nothing is there afterwards', () => {
  expect(printed('apply', '-f', acme, '--agent', '--dry-run')).toBe(
    'the kernel would take it; nothing has changed\n  added: web\n  unchanged: 0 of 1 rules\n',
  );
  expect(printed('status')).toBe('there are no accounts\n');
  expect(machine.output('ls', '/run/netns')).toBe('');
});

test('an account is applied, and its status shown', () => {
  expect(printed('apply', '-f', acme, '--agent')).toBe('account acme: version 1: in force\n');
  expect(printed('status')).toMatch(
    new RegExp(`^account  state +desired  in force  verified +drifts  error\nacme +in force  1 +1 +${TIME}  0\n$`),
  );
  expect(printed('status', 'acme')).toMatch(
    new RegExp(
      `^account +acme\nstate +in force\n(.*\n)*desired version +1\nversion in force +1\n(.*\n)*verified +${TIME}\n`,
    ),
  );
});

test('a change, the way back, and further back by number', () => {
  write('tcp.dstport == 443');
  expect(printed('apply', '-f', acme, `--agent=${socket}`)).toBe('account acme: version 2, before 1: in force\n');
  expect(printed('rollback', 'acme')).toBe('account acme: version 1, before 2: in force\n');
  expect(printed('rollback', 'acme', '2')).toBe('account acme: version 2, before 1: in force\n');
  expect(printed('versions', 'acme')).toMatch(
    new RegExp(`^version  put +digest\n1 +${TIME}  [0-9a-f]{12}  before\n2 +${TIME}  [0-9a-f]{12}  desired\n$`),
  );
  expect(printed('versions', 'acme', '1')).toBe(`${document('tcp.dstport == 80')}`);
});

test('a change to be confirmed says until when, and how', () => {
  write('tcp.dstport == 8080');
  expect(printed('apply', '-f', acme, '--confirm-within', '10m')).toMatch(
    new RegExp(
      `^account acme: version 3, before 2: in force\nversion 2 comes back at ${TIME} unless you confirm: rampart confirm acme\n$`,
    ),
  );
  expect(printed('status')).toContain('pending confirmation');
  expect(printed('confirm', 'acme')).toBe('account acme: version 3, before 2: in force\n');
});

test('a plan is against what the agent has', () => {
  write('tcp.dstport == 8081');
  expect(printed('plan', '-f', acme, '--agent')).toMatch(
    /^~ web: block tcp.dstport == 8080\n {2}becomes web: block tcp.dstport == 8081\n0 added, 0 removed, 1 changed, 0 moved, 0 unchanged\n\ndrop by rule web becomes pass by no rule \(ip\)\n/,
  );
  expect(ran('plan', '-f', acme, '--agent', '--against', acme).status).toBe(2);
});

test('a plan of a new account names what would be made of its network', () => {
  const file = join(folder, 'new.yaml');
  writeFileSync(file, 'account: new\nprefixes: [203.0.113.0/24]\nrules: []\n');
  expect(printed('plan', '-f', file, '--agent')).toContain('\n+ namespace rampart-new\n+ link uplink, on the host rp');
});

test('a broken document is refused with its place, as without an agent', () => {
  write('tcp.dstport == http');
  const byAgent = ran('apply', '-f', acme, '--agent');
  expect(byAgent).toMatchObject({ status: 1, stdout: '' });
  expect(byAgent.stderr).toContain(`${acme}:3:43 /rules/0/expression: expected digit [RF3001]\n`);
  expect(ran('apply', '-f', acme, '--netns', 'rampart-acme')).toEqual(byAgent);
});

test.each([
  ['a namespace is not for the command line to choose', ['--agent', '--netns', 'x'], 2, 'an agent takes the namespace'],
  ['a time that is none', ['--confirm-within', 'soon'], 1, 'confirm_within is not valid: "soon" [request.value]'],
])('%s', (_, parameters, status, told) => {
  write('tcp.dstport == 443');
  const result = ran('apply', '-f', acme, ...parameters);
  expect({ status: result.status, told: result.stderr.includes(told) }).toEqual({ status, told: true });
});

test('with --json each prints one object', () => {
  write('tcp.dstport == 443');
  const [applied, tried, status, versions] = [
    ['apply', '-f', acme, '--agent'],
    ['apply', '-f', acme, '--agent', '--dry-run'],
    ['status', 'acme'],
    ['versions', 'acme'],
  ].map(parameters => JSON.parse(printed(...parameters, '--json')));
  expect(applied).toMatchObject({ account: 'acme', version: 4, previous: 3, outcome: 'in_force', warnings: [] });
  expect(tried).toMatchObject({
    account: 'acme',
    dryRun: true,
    difference: { none: true },
    refusals: [],
    warnings: [],
  });
  expect(status).toMatchObject({
    account: 'acme',
    state: 'in_force',
    desired: 4,
    applied: 4,
    previous: 3,
    versions: 4,
  });
  expect(versions).toMatchObject({ account: 'acme', desired: 4, versions: [{ version: 1 }, {}, {}, { version: 4 }] });
});

describe('what the kernel refuses', () => {
  const taken = join(folder, 'taken.yaml');
  const text = `account: taken\nnamespace: {existing: taken}\nrules: [{ref: web, expression: tcp.dstport == 80, action: block}]\n`;

  beforeAll(() => {
    writeFileSync(taken, text);
    machine.output('ip', 'netns', 'add', 'taken');
    machine.output('ip', 'netns', 'exec', 'taken', 'nft', 'add', 'table', 'ip', 'rampart');
  });

  afterAll(() => {
    machine.output('ip', 'netns', 'delete', 'taken');
  });

  test('is told, kept, and tried again until it is in force', async () => {
    const { status, stdout } = ran('apply', '-f', taken, '--agent');
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^account taken: version 1: kept, but not in force\n.*table ip rampart exists already and was not made by rampart.*\n.*cure: .*\nnothing is in force; it is tried again at .*\n$/,
    );
    expect(ran('status')).toMatchObject({ status: 1, stdout: expect.stringContaining('taken    failed') });
    machine.output('ip', 'netns', 'exec', 'taken', 'nft', 'delete', 'table', 'ip', 'rampart');
    await agent.logged({ msg: 'in force', account: 'taken' });
    expect(printed('status', 'taken')).toMatch(/^state +in force$/m);
    expect(printed('remove', 'taken')).toBe('account taken is removed\n');
    expect(machine.output('ls', '/run/netns').split('\n')).toContain('taken');
  });

  test('cannot be confirmed', () => {
    machine.output('ip', 'netns', 'exec', 'taken', 'nft', 'add', 'table', 'ip', 'rampart');
    expect(ran('apply', '-f', taken, '--confirm-within', '10m').status).toBe(1);
    expect(ran('confirm', 'taken').stderr).toContain(
      'what account taken waits to have confirmed is not in force [confirmation.not-in-force]\n',
    );
    expect(ran('rollback', 'taken').stderr).toContain('[version.none-before]\n');
    expect(ran('apply', '-f', taken, '--netns', 'taken').stderr).toContain('policy.needs-agent');
    machine.output('ip', 'netns', 'exec', 'taken', 'nft', 'delete', 'table', 'ip', 'rampart');
    expect(printed('remove', 'taken')).toBe('account taken is removed\n');
  });
});

test('an interrupted client says that the agent goes on, and it does', async () => {
  const script = `
    const { createServer } = require('node:http');
    createServer(() => console.log('asked')).listen('${folder}/slow.sock', () => console.log('listening'));`;
  const slow = machine.spawn([process.execPath, '-e', script]);
  await once(slow.stdout ?? process.stdin, 'data');
  const client = machine.start(['rollback', 'acme', '--socket', `${folder}/slow.sock`]);
  const said: string[] = [];
  client.stderr?.on('data', text => said.push(String(text)));
  const ended = once(client, 'close');
  await once(slow.stdout ?? process.stdin, 'data');
  process.kill(-Number(client.pid), 'SIGINT');
  expect((await ended)[0]).toBe(130);
  expect(said.join('')).toBe(
    'rampart: the agent has the change and goes on with it; `rampart status` shows how it stands\n',
  );
  await machine.end(slow);
});

test('killed and started again the agent has everything; removed, an account is gone', async () => {
  await agent.kill();
  expect(ran('status').stderr).toContain('[agent.unreachable]');
  agent = await startAgentProcess(machine, ['--data', join(folder, 'data')]);
  await agent.logged({ msg: 'in force', account: 'acme' });
  expect(JSON.parse(printed('status', 'acme', '--json'))).toMatchObject({ desired: 4, applied: 4, versions: 4 });
  expect(printed('remove', 'acme')).toBe('account acme is removed\n');
  expect(ran('status', 'acme').stderr).toContain('there is no account acme [account.unknown]');
  expect(machine.output('ls', '/run/netns')).toBe('');
});

test('stopped it ends with status 0, and the kernel goes on filtering', async () => {
  printed('apply', '-f', acme, '--agent');
  expect(await agent.stop()).toBe(0);
  expect(machine.output('ls', '/run/netns')).toBe('rampart-acme\n');
  expect(printed('show', '--netns', 'rampart-acme')).toContain('web');
});

test('without an agent a dry run asks the kernel too', () => {
  machine.output('ip', 'netns', 'add', 'direct');
  expect(printed('apply', '-f', acme, '--netns', 'direct', '--dry-run')).toBe(
    'the kernel would take it; nothing has changed\n  added: web\n  unchanged: 0 of 1 rules\n',
  );
  expect(printed('show', '--netns', 'direct')).toBe('no policy is in force\n');
  expect(JSON.parse(printed('apply', '-f', acme, '--netns', 'direct', '--dry-run', '--json'))).toMatchObject({
    account: 'acme',
    netns: 'direct',
    dryRun: true,
    difference: { added: ['web'] },
    refusals: [],
  });
});

function document(expression: string): string {
  return `account: acme\nrules:\n  - {ref: web, expression: ${expression}, action: block}\n`;
}

function write(expression: string): void {
  writeFileSync(acme, document(expression));
}

function holder(): number {
  const health = machine.output('curl', '-s', '--unix-socket', socket, 'http://agent/rampart/v1/health');
  return JSON.parse(health).process;
}

function ran(...parameters: readonly string[]): Readonly<
  Record<'status' | 'stdout' | 'stderr', string | number | null>
> & {
  readonly stderr: string;
} {
  const { status, stdout, stderr } = machine.rampart(parameters);
  return { status, stdout, stderr };
}

function printed(...parameters: readonly string[]): string {
  const { status, stdout, stderr } = machine.rampart(parameters);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}
