// kill -9 of the agent while it is asked for one change after the other: what it acknowledged is in force when it has been
// started again, and what it did not is in force as a whole or not at all.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Machine, startMachine } from '../kernel/machine';
import { type AgentProcess, startAgentProcess } from './agent-process';
import { ask } from './ask';

const KILLS = 6;
const ACCOUNTS = ['one', 'two', 'three'];
const folder = mkdtempSync(join(tmpdir(), `rampart-agent-kill-${process.pid}-`));
const socket = join(folder, 'agent.sock');

let machine: Machine;
let agent: AgentProcess;

beforeAll(async () => {
  machine = await startMachine({ RAMPART_SOCKET: socket });
});

afterAll(async () => {
  await agent.kill();
  await machine.stop();
  rmSync(folder, { recursive: true });
});

test('what was acknowledged is in force after a kill', async () => {
  const inForce = new Map<string, number>();
  let asked = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    agent = await start();
    const work = Promise.allSettled(ACCOUNTS.map(account => changeUntilKilled(account, () => ++asked)));
    await setTimeout(200 + Math.random() * 600);
    await agent.kill();
    const changes = (await work).map(told);
    agent = await start();
    await allReached();
    for (const [index, account] of ACCOUNTS.entries()) {
      const { acknowledged = inForce.get(account), begun } = changes[index] ?? {};
      const found = await ruleInForce(account);
      const possible = [acknowledged, begun];
      expect({ account, found, possible, isPossible: possible.includes(found) }).toMatchObject({ isPossible: true });
      if (found !== undefined) inForce.set(account, found);
    }
    await agent.kill();
  }
  agent = await start();
  // Or nothing was tried.
  expect(asked).toBeGreaterThan(KILLS * ACCOUNTS.length);
}, 240_000);

function start(): Promise<AgentProcess> {
  return startAgentProcess(machine, ['--data', join(folder, 'data')]);
}

/** What went wrong is thrown where the test waits for it. */
function told(change: PromiseSettledResult<Changes>): Changes {
  if (change.status === 'rejected') throw change.reason;
  return change.value;
}

interface Changes {
  readonly acknowledged?: number;
  /** Not acknowledged. */
  readonly begun: number;
}

async function changeUntilKilled(account: string, next: () => number): Promise<Changes> {
  let acknowledged: { readonly acknowledged?: number } = {};
  for (;;) {
    const begun = next();
    const rule = { ref: `r${begun}`, expression: `ip.ttl == ${begun % 256}`, action: 'block' };
    try {
      const { status } = await ask(socket, 'PUT', `/accounts/${account}`, JSON.stringify({ account, rules: [rule] }));
      expect(status).toBe(200);
      acknowledged = { acknowledged: begun };
    } catch (error) {
      // The socket of a killed process.
      if (!isSocketError(error)) throw error;
      return { ...acknowledged, begun };
    }
  }
}

function isSocketError(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ECONNRESET' || code === 'ECONNREFUSED' || code === 'EPIPE' || code === 'ENOENT';
}

/** Until the agent that was started last has brought everything into force. */
async function allReached(): Promise<void> {
  for (;;) {
    const { value } = await ask(socket, 'GET', '/accounts');
    const states: readonly string[] = value.accounts.map(({ state }: { state: string }) => state);
    expect(states).not.toContain('failed');
    if (states.every(state => state === 'in_force')) return;
    await setTimeout(20);
  }
}

async function ruleInForce(account: string): Promise<number | undefined> {
  const { status, value } = await ask(socket, 'GET', `/accounts/${account}/counters`);
  if (status === 404) return undefined;
  expect(value.rules).toHaveLength(1);
  return Number(value.rules[0].ref.slice(1));
}
