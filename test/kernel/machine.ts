// A machine of one test file's own, as far as Rampart can tell: mount and network namespaces with /run/netns, /run/rampart
// and a BPF file system that are empty. What commands leave behind in it is theirs, whatever else runs on the host; and
// all of it goes when the process that holds it ends.

import { type ChildProcess, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { TIME_FACTOR } from '../time-factor';
import { TEST_CACHE } from './object-cache';

const RAMPART = join(__dirname, '../../bin/rampart');

export interface Machine {
  /** A command to its end, at most a minute. */
  run(command: readonly string[], environment?: NodeJS.ProcessEnv): SpawnSyncReturns<string>;
  /** bin/rampart with a shared object cache, unless --cache is given. */
  rampart(parameters: readonly string[], environment?: NodeJS.ProcessEnv): SpawnSyncReturns<string>;
  /** bin/rampart as a process to be looked at while it runs; it leads a process group of its own. */
  start(parameters: readonly string[]): ChildProcess;
  /** Any command, in a process group of its own. */
  spawn(command: readonly string[]): ChildProcess;
  /** Kills the group of what spawn() or start() began. */
  end(child: ChildProcess): Promise<void>;
  /** Standard output; throws where the command fails. */
  output(...command: readonly string[]): string;
  stop(): Promise<void>;
}

const SET_UP = [
  'mkdir -p /run/netns',
  // What the host has mounted there would go from here too, whenever the host deletes it.
  '{ umount -R /run/netns || true; } 2> /dev/null',
  'mount -t tmpfs tmpfs /run/netns',
  'mkdir -p /run/rampart',
  'mount -t tmpfs tmpfs /run/rampart',
  'mount -t bpf -o mode=0700 bpf /sys/fs/bpf',
  'ip link set lo up',
  'echo ready',
  `exec sleep ${900 * TIME_FACTOR}`,
].join(' && ');

/** `settings` are added to the environment of all that runs in it. */
export async function startMachine(settings: NodeJS.ProcessEnv = {}): Promise<Machine> {
  const options = ['--mount', '--net', '--propagation', 'private', 'sh', '-c', SET_UP];
  const holder = spawn('unshare', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [ready] = await once(holder.stdout, 'data');
  if (String(ready) !== 'ready\n') throw new Error(`the machine did not start: ${ready}`);
  const inside = ['--target', String(holder.pid), '--mount', '--net', '--'];
  const environment = { ...process.env, RAMPART_CACHE: TEST_CACHE.directory, ...settings };
  const run: Machine['run'] = (command, more) =>
    spawnSync('nsenter', [...inside, ...command], {
      encoding: 'utf8',
      timeout: 60_000 * TIME_FACTOR,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...environment, ...more },
    });
  const begin: Machine['spawn'] = command =>
    spawn('nsenter', [...inside, ...command], { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: environment });
  return {
    run,
    rampart: (parameters, more) => run([RAMPART, ...parameters], more),
    start: parameters => begin([RAMPART, ...parameters]),
    spawn: begin,
    async end(child) {
      const ended = once(child, 'exit');
      process.kill(-Number(child.pid), 'SIGKILL');
      await ended;
    },
    output(...command) {
      const { status, stdout, stderr } = run(command);
      if (status !== 0) throw new Error(`${command.join(' ')}: status ${status}: ${stderr}`);
      return stdout;
    },
    async stop() {
      const ended = once(holder, 'exit');
      holder.kill('SIGKILL');
      await ended;
    },
  };
}
