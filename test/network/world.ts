// Namespaces of one test file: a host that forwards between a client and an origin, whose address is the other end of the
// account's tunnels. Everything but the account's own parts is made with ip(8).

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createNamespace, deleteNamespace, listNamespaces } from '../../src/netns/namespace';
import { closeHost, type Host, openHost } from '../../src/network/host';
import type { Names } from '../../src/network/names';
import { TIME_FACTOR } from '../time-factor';

export interface World {
  readonly names: Names;
  readonly host: Host;
  /** Full name of a namespace of the world. */
  space(role: string): string;
  /** Standard output of a command in one; throws where it fails. */
  run(role: string, ...command: readonly string[]): string;
  attempt(role: string, ...command: readonly string[]): Ended;
  remove(): void;
}

export interface Ended {
  readonly status: number | null;
  readonly output: string;
  readonly error: string;
}

let worlds = 0;

/** Roles client, host and origin, linked client - host - origin; of both families. */
export function makeWorld(purpose: string): World {
  const prefix = `rampart-test-${purpose}-${process.pid}-${worlds++}`;
  const names = { realm: prefix.slice(0, 32) };
  const space = (role: string) => `${prefix}-${role}`;
  const roles = ['client', 'host', 'origin'];
  for (const role of roles) createNamespace(space(role));
  const attempt: World['attempt'] = (role, ...command) => {
    const run = spawnSync('nsenter', [`--net=/run/netns/${space(role)}`, ...command], {
      encoding: 'utf8',
      timeout: 60_000 * TIME_FACTOR,
    });
    return { status: run.status, output: run.stdout, error: run.stderr };
  };
  const run: World['run'] = (role, ...command) => {
    const { status, output, error } = attempt(role, ...command);
    if (status !== 0) throw new Error(`${role}: ${command.join(' ')}: ${error}`);
    return output;
  };
  connectRoles(run, space);
  const host = openHost({ namespace: space('host') });
  return {
    names,
    host,
    space,
    run,
    attempt,
    remove() {
      closeHost(host);
      for (const name of listNamespaces().filter(each => each.startsWith(`${prefix}-`))) deleteNamespace(name);
    },
  };
}

type Run = World['run'];

/** Of each link: who has it, its name there, and its addresses. */
const LINKS = [
  [
    ['client', 'c0', '198.18.0.2/24', '2001:db8:c::2/64'],
    ['host', 'hc', '198.18.0.1/24', '2001:db8:c::1/64'],
  ],
  [
    ['origin', 'o0', '192.0.2.2/24', '2001:db8:f::2/64'],
    ['host', 'ho', '192.0.2.1/24', '2001:db8:f::1/64'],
  ],
] as const;

function connectRoles(run: Run, space: World['space']): void {
  // What the kernel does a second later would be seen as a change.
  for (const role of ['client', 'host', 'origin']) run(role, 'sysctl', '-qw', 'net.ipv6.conf.default.accept_dad=0');
  for (const [[a, aDevice], [b, bDevice]] of LINKS)
    run(a, 'ip', 'link', 'add', aDevice, 'type', 'veth', 'peer', 'name', bDevice, 'netns', space(b));
  for (const [role, device, v4, v6] of LINKS.flat()) {
    run(role, 'ip', 'address', 'add', v4, 'dev', device);
    run(role, 'ip', 'address', 'add', v6, 'dev', device, 'nodad');
    run(role, 'ip', 'link', 'set', device, 'up');
  }
  for (const [role, device] of LINKS.flat()) waitForCarrier(run, role, device);
  run('host', 'sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1');
  for (const [role, v4, v6] of [
    ['client', '198.18.0.1', '2001:db8:c::1'],
    ['origin', '192.0.2.1', '2001:db8:f::1'],
  ] as const) {
    run(role, 'ip', 'link', 'set', 'lo', 'up');
    run(role, 'ip', 'route', 'add', 'default', 'via', v4);
    run(role, 'ip', '-6', 'route', 'add', 'default', 'via', v6);
  }
  run('origin', 'ip', 'address', 'add', '203.0.113.10/32', 'dev', 'lo');
  run('origin', 'ip', 'address', 'add', '2001:db8:1::10/128', 'dev', 'lo', 'nodad');
}

/** And for the link-local address that comes with it, both by the kernel's work queue. */
function waitForCarrier(run: Run, role: string, device: string): void {
  const isUp = `ip link show ${device} | grep -q 'state UP' && ip -6 address show ${device} | grep -q 'inet6 fe80'`;
  run(role, 'sh', '-c', `until ${isUp}; do sleep 0.05; done`);
}

export interface Echo {
  stop(): Promise<void>;
}

/** Answers at port 7777 of these addresses, until it is stopped. */
export async function startEcho(world: World, role: string, ...addresses: readonly string[]): Promise<Echo> {
  const command = [`--net=/run/netns/${world.space(role)}`, process.execPath, join(__dirname, 'echo.js'), ...addresses];
  const child = spawn('nsenter', command, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const SECONDS = 5;

/** Whether so many bytes came back from an echo. */
export function ask(world: World, role: string, protocol: 'udp' | 'tcp', address: string, bytes: number): boolean {
  return askFor(SECONDS * TIME_FACTOR, world, role, [protocol, address, String(bytes)]);
}

/** Whether ten datagrams got no answer from an echo; that takes its whole time, which does not grow with the factor. */
export function isUnanswered(world: World, role: string, address: string, bytes: number): boolean {
  return !askFor(SECONDS, world, role, ['udp', address, String(bytes)]);
}

function askFor(seconds: number, world: World, role: string, question: readonly string[]): boolean {
  const { status } = world.attempt(role, process.execPath, join(__dirname, 'ask.js'), ...question, String(seconds));
  return status === 0;
}
