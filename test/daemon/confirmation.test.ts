// A change that nobody confirms: the version before comes back, with what its rules had counted, though the agent is killed and
// started anew in between. Packets show what is in force.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Machine, startMachine } from '../kernel/machine';
import { type AgentProcess, startAgentProcess } from './agent-process';

const folder = mkdtempSync(join(tmpdir(), `rampart-confirmation-${process.pid}-`));
const NAMESPACE = 'rampart-acme';
const STATE = join(folder, 'data/accounts/acme/state.json');
const ROLLED_BACK = 'not confirmed in time; the version before comes back';
const OLD = `account: acme
rules:
  - {ref: sip, expression: udp.dstport == 5060, action: block}
  - {ref: ntp, expression: udp.dstport == 123, action: log}
`;
const NEW = `account: acme
rules:
  - {ref: dns, expression: udp.dstport == 53, action: block}
  - {ref: ntp, expression: udp.dstport == 123, action: log}
`;

let machine: Machine;
let agent: AgentProcess;

beforeAll(async () => {
  machine = await startMachine({ RAMPART_SOCKET: join(folder, 'agent.sock') });
  writeFileSync(join(folder, 'old.yaml'), OLD);
  writeFileSync(join(folder, 'new.yaml'), NEW);
});

beforeEach(async () => {
  agent = await start();
});

afterEach(async () => {
  machine.rampart(['remove', 'acme']);
  await agent.stop();
});

afterAll(async () => {
  await machine.stop();
  rmSync(folder, { recursive: true });
});

test('silence brings the old version back with its counts, the agent killed and restarted in between', async () => {
  expect(await inForceWithTraffic()).toEqual({ sip: 3, ntp: 2 });
  printed('apply', '-f', join(folder, 'new.yaml'), '--confirm-within', '10m');
  send(5060, 1);
  send(53, 4);
  send(123, 1);
  expect(counts()).toEqual({ dns: 4, ntp: 3 });
  await agent.kill();
  setDeadline(new Date(Date.now() + 3000));
  agent = await start();
  await agent.logged({ msg: ROLLED_BACK, account: 'acme', version: 2, to: 1 });
  await agent.logged({ msg: 'in force', account: 'acme', version: 1 });
  expect(counts()).toEqual({ sip: 3, ntp: 3 });
  send(5060, 1);
  send(53, 1);
  expect(counts()).toEqual({ sip: 4, ntp: 3 });
});

test('what is overdue when the agent starts comes back before anything else', async () => {
  expect(await inForceWithTraffic()).toEqual({ sip: 3, ntp: 2 });
  printed('apply', '-f', join(folder, 'new.yaml'), '--confirm-within', '10m');
  await agent.kill();
  expect(counts()).toEqual({ dns: 0, ntp: 2 });
  setDeadline(new Date(Date.now() - 1));
  agent = await start();
  await agent.logged({ msg: 'in force', version: 1 });
  expect(agent.log.map(({ msg }) => msg)[0]).toBe(ROLLED_BACK);
  expect(agent.log.filter(({ version, msg }) => msg === 'in force' && version === 2)).toEqual([]);
  expect(counts()).toEqual({ sip: 3, ntp: 2 });
});

test('its time over while the agent runs, it goes back too', async () => {
  expect(await inForceWithTraffic()).toEqual({ sip: 3, ntp: 2 });
  // It may be over before the answer comes.
  machine.rampart(['apply', '-f', join(folder, 'new.yaml'), '--confirm-within', '1s']);
  await agent.logged({ msg: ROLLED_BACK, account: 'acme', version: 2, to: 1 });
  await agent.logged({ msg: 'in force', account: 'acme', version: 1 });
  // The first was when it was applied.
  await agent.logged({ msg: 'in force', account: 'acme', version: 1 });
  expect(counts()).toEqual({ sip: 3, ntp: 2 });
});

test('confirmed it stays, also after a restart', async () => {
  await inForceWithTraffic();
  printed('apply', '-f', join(folder, 'new.yaml'), '--confirm-within', '10m');
  expect(printed('confirm', 'acme')).toBe('account acme: version 2, before 1: in force\n');
  await agent.kill();
  expect(JSON.parse(readFileSync(STATE, 'utf8'))).not.toHaveProperty('pending');
  agent = await start();
  await agent.logged({ msg: 'in force', version: 2 });
  expect(printed('status')).not.toContain('pending');
  expect(counts()).toEqual({ dns: 0, ntp: 2 });
  expect(refused('confirm', 'acme')).toContain('[confirmation.none]');
});

test('a new account that nobody confirms goes', async () => {
  machine.rampart(['apply', '-f', join(folder, 'old.yaml'), '--confirm-within', '1s']);
  await agent.logged({ msg: 'in force', account: 'acme', version: 1 });
  await agent.logged({ msg: 'removed', account: 'acme' });
  expect(machine.output('ls', '/run/netns')).toBe('');
  expect(printed('status')).toBe('there are no accounts\n');
});

test('while one waits a second change is refused, and rollback gives it up with the counts', async () => {
  await inForceWithTraffic();
  printed('apply', '-f', join(folder, 'new.yaml'), '--confirm-within', '10m');
  expect(refused('apply', '-f', join(folder, 'old.yaml'), '--agent')).toMatch(
    /^rampart: version 2 of account acme waits for its confirmation until .* \[confirmation.pending\]\n {2}cure: `rampart confirm acme` or `rampart rollback acme` first\n$/,
  );
  expect(printed('rollback', 'acme')).toBe('account acme: version 1, before 2: in force\n');
  expect(counts()).toEqual({ sip: 3, ntp: 2 });
});

/** The agent does not run: time goes by. */
function setDeadline(deadline: Date): void {
  const state = JSON.parse(readFileSync(STATE, 'utf8'));
  writeFileSync(STATE, JSON.stringify({ ...state, pending: { ...state.pending, deadline } }));
}

function start(): Promise<AgentProcess> {
  return startAgentProcess(machine, ['--data', join(folder, 'data')]);
}

async function inForceWithTraffic(): Promise<Readonly<Record<string, number>>> {
  printed('apply', '-f', join(folder, 'old.yaml'), '--agent');
  machine.output('nsenter', `--net=/run/netns/${NAMESPACE}`, 'ip', 'link', 'set', 'lo', 'up');
  send(5060, 3);
  send(123, 2);
  send(53, 1);
  return counts();
}

/** Datagrams to the namespace's own loopback. */
function send(port: number, packets: number): void {
  const line = `for i in $(seq ${packets}); do echo x > /dev/udp/127.0.0.1/${port}; done 2> /dev/null; true`;
  machine.output('nsenter', `--net=/run/netns/${NAMESPACE}`, 'bash', '-c', line);
}

function counts(): Readonly<Record<string, number>> {
  const { rules } = JSON.parse(printed('counters', '--netns', NAMESPACE, '--json'));
  return Object.fromEntries(rules.map(({ ref, packets }: { ref: string; packets: number }) => [ref, packets]));
}

function printed(...parameters: readonly string[]): string {
  const { status, stdout, stderr } = machine.rampart(parameters);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

function refused(...parameters: readonly string[]): string {
  const { status, stdout, stderr } = machine.rampart(parameters);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  return stderr;
}
