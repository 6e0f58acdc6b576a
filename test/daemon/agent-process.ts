// An agent as a process on a machine of its own, with a folder of its own; what it logs is waited for, never a time.

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Machine } from '../kernel/machine';

/** Longer than anything here takes on a busy machine; only a test that fails waits so long. */
const PATIENCE_MS = 40_000;

export interface LogLine {
  readonly msg: string;
  readonly [key: string]: unknown;
}

export interface AgentProcess {
  readonly log: readonly LogLine[];
  /** The first line with these members that was not waited for before. */
  logged(wanted: Readonly<Record<string, unknown>>): Promise<LogLine>;
  /** SIGKILL, to it alone. */
  kill(): Promise<void>;
  /** SIGTERM; its exit status. */
  stop(): Promise<number | null>;
  signal(name: 'SIGHUP'): void;
}

/** Resolves when it answers. */
export async function startAgentProcess(machine: Machine, parameters: readonly string[]): Promise<AgentProcess> {
  const child = machine.start(['agent', ...parameters]);
  const ended = once(child, 'exit');
  const log: LogLine[] = [];
  const others: string[] = [];
  let wake = (): void => undefined;
  const taken = new Set<LogLine>();
  createInterface({ input: child.stderr ?? process.stdin }).on('line', line => {
    if (line.startsWith('{')) log.push(JSON.parse(line));
    else others.push(line);
    wake();
  });
  void ended.then(() => wake());
  const process_: AgentProcess = {
    log,
    async logged(wanted) {
      const deadline = setTimeout(() => wake(), PATIENCE_MS);
      for (const start = Date.now(); Date.now() - start < PATIENCE_MS; ) {
        const found = log.find(line => !taken.has(line) && has(line, wanted));
        if (found !== undefined) {
          taken.add(found);
          clearTimeout(deadline);
          return found;
        }
        if (child.exitCode !== null || child.signalCode !== null) break;
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
      clearTimeout(deadline);
      throw new Error(
        `nothing like ${JSON.stringify(wanted)} in the log:\n${[...log.map(each => JSON.stringify(each)), ...others].join('\n')}`,
      );
    },
    async kill() {
      signalTo(child, 'SIGKILL');
      await ended;
    },
    async stop() {
      signalTo(child, 'SIGTERM');
      const [status] = await ended;
      return status;
    },
    signal: name => signalTo(child, name),
  };
  await process_.logged({ msg: 'started' });
  return process_;
}

function has(line: LogLine, wanted: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).every(([key, value]) => line[key] === value);
}

/** Its group: nsenter starts it without a fork, and so it is the child itself. */
function signalTo({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  process.kill(-Number(pid), signal);
}
