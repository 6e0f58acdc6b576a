// A disk that is full: a change is refused and nothing of it happens; a rollback happens all the same, and is written later.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Machine, startMachine } from '../kernel/machine';
import { type AgentProcess, startAgentProcess } from './agent-process';

const folder = mkdtempSync(join(tmpdir(), `rampart-full-disk-${process.pid}-`));
const file = join(folder, 'acme.yaml');
/** Only the machine sees what is mounted there. */
const data = join(folder, 'data');

const NOT_STORED = 'the store refuses; it is tried again, or after a restart';

let machine: Machine;
let agent: AgentProcess;

beforeAll(async () => {
  machine = await startMachine({ RAMPART_SOCKET: join(folder, 'agent.sock') });
  machine.output('mkdir', data);
  machine.output('mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', data);
  agent = await startAgentProcess(machine, ['--data', data]);
});

afterAll(async () => {
  await agent.stop();
  await machine.stop();
  rmSync(folder, { recursive: true });
});

test('a change is refused, and nothing of it happens', () => {
  expect(apply(1)).toMatchObject({ status: 0 });
  fill();
  const { status, stderr } = apply(2);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^rampart: cannot write .*ENOSPC.* \[store.system\]\n {2}cure: make room on that file system\n$/,
  );
  expect(inForce()).toEqual({ state: 'in_force', desired: 1, applied: 1 });
});

test('with room again it is taken', () => {
  empty();
  expect(apply(2)).toMatchObject({ status: 0 });
  expect(inForce()).toEqual({ state: 'in_force', desired: 2, applied: 2 });
});

test('what nobody confirmed goes back though it cannot be written, and is written as soon as it can', async () => {
  expect(apply(3, '--confirm-within', '10m')).toMatchObject({ status: 0 });
  await agent.kill();
  timeGoesBy();
  fill();
  agent = await startAgentProcess(machine, ['--data', data]);
  await agent.logged({ msg: NOT_STORED, account: 'acme' });
  await agent.logged({ msg: 'in force', account: 'acme', version: 2 });
  // By the timer, of which this is the second attempt.
  await agent.logged({ msg: NOT_STORED, account: 'acme' });
  await agent.logged({ msg: NOT_STORED, account: 'acme' });
  empty();
  await agent.logged({ msg: 'not confirmed in time; the version before comes back', version: 3, to: 2 });
  expect(inForce()).toEqual({ state: 'in_force', desired: 2, applied: 2 });
  expect(agent.log.filter(({ msg, version }) => msg === 'in force' && version === 3)).toEqual([]);
});

/** The agent does not run, and its deadline is past. */
function timeGoesBy(): void {
  const script = `
    const { readFileSync, writeFileSync } = require('node:fs');
    const path = '${data}/accounts/acme/state.json';
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"deadline": "20../, '"deadline": "2000'));`;
  machine.output(process.execPath, '-e', script);
}

function apply(ttl: number, ...parameters: readonly string[]) {
  writeFileSync(file, `account: acme\nrules: [{ref: ttl, expression: ip.ttl == ${ttl}, action: block}]\n`);
  return machine.rampart(['apply', '-f', file, '--agent', ...parameters]);
}

function inForce(): unknown {
  const { state, desired, applied } = JSON.parse(machine.rampart(['status', 'acme', '--json']).stdout);
  return { state, desired, applied };
}

/** Until nothing more goes in. */
function fill(): void {
  expect(machine.run(['dd', 'if=/dev/zero', `of=${data}/fill`, 'bs=1k']).stderr).toContain('No space left on device');
}

function empty(): void {
  machine.output('rm', `${data}/fill`);
}
