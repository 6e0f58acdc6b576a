// Where the chaos happens: a machine with an agent, which is killed and started again, and the history of what was done.

import type { SpawnSyncReturns } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type AgentProcess, startAgentProcess } from '../daemon/agent-process';
import { type Machine, startMachine } from '../kernel/machine';
import { stands } from './asked';

const REALM = 'soak';
/** Only a soak that fails waits so long. */
const PATIENCE_MS = 60_000;

export interface Ring {
  readonly machine: Machine;
  readonly socket: string;
  /** The agent as it runs now. */
  agent(): AgentProcess;
  startAgent(): Promise<void>;
  killAgent(): Promise<void>;
  stopAgent(): Promise<void>;
  processId(): number;
  /** Of the agent; undefined: as at its start. */
  limitDescriptors(limit: number | undefined): void;
  /** A shell's command in the account's namespace. */
  inAccount(name: string, script: string): SpawnSyncReturns<string>;
  /** All accounts as they are desired; what was wrong last where they never are. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

export async function makeRing(folder: string): Promise<Ring> {
  const socket = join(folder, 'agent.sock');
  const machine = await startMachine({ RAMPART_SOCKET: socket });
  const parameters = ['--data', join(folder, 'data'), '--realm', REALM];
  let agent: AgentProcess | undefined;
  const running = () => {
    if (agent === undefined) throw new Error('no agent runs');
    return agent;
  };
  const processId = () => Number(readFileSync(join(folder, 'data', 'lock'), 'utf8'));
  const limit = (words: string) => machine.output('prlimit', '--pid', String(processId()), words);
  const settle = async () => {
    for (const start = Date.now(); ; await setTimeout(50)) {
      const unsettled = (await stands(socket)).filter(
        ({ state, desired, applied }) => state !== 'in_force' || desired !== applied,
      );
      if (unsettled.length === 0) return;
      if (Date.now() - start > PATIENCE_MS) throw new Error(`not in force: ${JSON.stringify(unsettled, null, 2)}`);
    }
  };
  return {
    machine,
    socket,
    agent: running,
    processId,
    async startAgent() {
      agent = await startAgentProcess(machine, parameters);
      await settle();
    },
    killAgent: () => running().kill(),
    async stopAgent() {
      await running().stop();
    },
    limitDescriptors(most) {
      limit(most === undefined ? '--nofile=10000:' : `--nofile=${most}:`);
    },
    inAccount: (name, script) =>
      machine.run(['nsenter', `--net=/run/netns/${REALM}-${name}`, 'sh', '-c', `${script} 2>&1`]),
    settle,
    stop: () => machine.stop(),
  };
}
