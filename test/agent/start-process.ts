// agent-process.js from the tests' side: started, told what to keep, listened to, killed.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AgentEvent } from '../../src/agent/agent-event';
import type { AgentSettings } from '../../src/agent/agent-settings';
import { TEST_CACHE } from '../kernel/object-cache';

export interface AgentProcess {
  /** As they are written; ends when the process does. */
  readonly events: AsyncIterableIterator<AgentEvent>;
  put(text: string, version: number): void;
  release(): void;
  /** SIGKILL. Twice is harmless. */
  kill(): Promise<void>;
}

/** Of the `limit` descriptors that it may have, it holds so many for nothing until release(). */
export interface Scarcity {
  readonly limit: number;
  readonly held: number;
}

export function startProcess(
  settings: Partial<AgentSettings>,
  { limit, held }: Scarcity = { limit: 10_000, held: 0 },
): AgentProcess {
  const script = [join(__dirname, 'agent-process.js'), JSON.stringify(settings), TEST_CACHE.directory, String(held)];
  const child: ChildProcess = spawn('prlimit', [`--nofile=${limit}`, 'node', ...script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('the agent has not started');
  const ended = once(child, 'exit');
  return {
    events: eventsOf(child.stdout),
    put: (text, version) => child.stdin?.write(`${JSON.stringify({ text, version })}\n`),
    release: () => child.stdin?.write('{"release": true}\n'),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function* eventsOf(output: NodeJS.ReadableStream): AsyncIterableIterator<AgentEvent> {
  for await (const line of createInterface({ input: output })) yield JSON.parse(line);
}
