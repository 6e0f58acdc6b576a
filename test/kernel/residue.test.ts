// What a command leaves behind is what it names, whether it succeeds, fails or is interrupted: everything that Rampart
// could make (namespaces, pins, mounts, tables, processes, files) is listed before and after.

import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureOf } from '../packet/capture-file';
import { WRITTEN_FRAMES } from '../packet/frames';
import { type Machine, startMachine } from './machine';

const POLICY = `account: "0123456789abcdef0123456789abcdef"
rules:
  - { ref: ports, expression: 'tcp.dstport in {22 80..90 443}', action: block }
  - { ref: token, expression: 'udp.dstport == 5060 and not ends_with(udp.payload, "xyzzy")', action: block }
`;
const EXPRESSION = 'ends_with(udp.payload, "xyzzy")';

const folder = mkdtempSync(join(tmpdir(), `rampart-residue-${process.pid}-`));
const policy = join(folder, 'policy.yaml');
const pcap = join(folder, 'packets.pcap');
/** Where commands of the machine would put temporary files. */
const temporary = join(folder, 'tmp');
let machine: Machine;

beforeAll(async () => {
  writeFileSync(policy, POLICY);
  writeFileSync(join(folder, 'wrong.yaml'), 'rules: 7\n');
  writeFileSync(join(folder, 'wrong.pcap'), 'no capture');
  writeFileSync(pcap, captureOf(WRITTEN_FRAMES));
  mkdirSync(temporary);
  machine = await startMachine({ TMPDIR: temporary });
  machine.output('ip', 'netns', 'add', 'account');
});

afterAll(async () => {
  await machine.stop();
  rmSync(folder, { recursive: true });
});

describe('nothing is left behind by', () => {
  test.each<[name: string, parameters: readonly string[], status: number]>([
    ['check', ['check', EXPRESSION], 0],
    ['a refused check', ['check', 'tcp.dstport =='], 1],
    ['explain', ['explain', EXPRESSION], 0],
    ['show', ['show', '--netns', 'account'], 0],
    ['counters', ['counters', '--netns', 'account'], 0],
    ['show of a namespace that does not exist', ['show', '--netns', 'nowhere'], 1],
    ['destroy where nothing is', ['destroy', '--netns', 'account'], 0],
    ['destroy of a namespace that does not exist', ['destroy', '--netns', 'nowhere'], 1],
    ['trace', ['trace', '--expr', EXPRESSION, '--pcap', pcap], 0],
    ['replay of an expression', ['replay', '--expr', EXPRESSION, '--pcap', pcap], 0],
    ['replay of a policy', ['replay', '-f', policy, '--pcap', pcap], 0],
    ['replay of no capture', ['replay', '-f', policy, '--pcap', join(folder, 'wrong.pcap')], 1],
    ['replay of a missing capture', ['replay', '-f', policy, '--pcap', join(folder, 'missing.pcap')], 1],
    ['replay of a refused policy', ['replay', '-f', join(folder, 'wrong.yaml'), '--pcap', pcap], 1],
    ['apply of a refused policy', ['apply', '-f', join(folder, 'wrong.yaml'), '--netns', 'account'], 1],
    ['apply to a namespace that does not exist', ['apply', '-f', policy, '--netns', 'nowhere'], 1],
    ['apply to no name at all', ['apply', '-f', policy, '--netns', '../account'], 1],
    ['a wrong command line', ['apply', '--netns', 'account'], 2],
    ['doctor', ['doctor'], 0],
  ])('%s', (_, parameters, status) => {
    const before = everything();
    const { status: ended, stderr } = machine.rampart(parameters);
    expect({ status: ended, stderr }).toEqual({ status, stderr: status === 0 ? '' : expect.stringMatching(/cure: /) });
    expect(everything()).toEqual(before);
  });
});

describe('what apply names', () => {
  afterEach(() => {
    machine.rampart(['destroy', '--netns', 'account']);
    machine.rampart(['destroy']);
  });

  test.each([
    ['a namespace', ['--netns', 'account']],
    ['the namespace it runs in', []],
  ])('is all of it gone after destroy: %s', (_, place) => {
    const before = everything();
    expect(machine.rampart(['apply', '-f', policy, ...place])).toMatchObject({ status: 0, stderr: '' });
    const applied = everything();
    expect(applied.mounts).toEqual(before.mounts);
    expect(applied.namespaces).toEqual(before.namespaces);
    expect(applied.tables).not.toEqual(before.tables);
    expect(applied.pins.filter(path => path.includes('/program/')).length).toBe(2);
    expect(machine.rampart(['destroy', ...place])).toMatchObject({ status: 0, stderr: '' });
    expect(everything()).toEqual(before);
  });

  test('apply twice leaves what apply once leaves', () => {
    machine.rampart(['apply', '-f', policy, '--netns', 'account']);
    const once = everything();
    expect(machine.rampart(['apply', '-f', policy, '--netns', 'account'])).toMatchObject({ status: 0, stderr: '' });
    expect(everything()).toEqual(once);
  });

  test('pins of a namespace that `ip netns` deleted go with the next command that makes or gives up pins', () => {
    const before = everything();
    machine.rampart(['apply', '-f', policy, '--netns', 'account']);
    machine.output('ip', 'netns', 'delete', 'account');
    machine.output('ip', 'netns', 'add', 'other');
    expect(everything().pins.length).toBeGreaterThan(before.pins.length);
    expect(machine.rampart(['destroy', '--netns', 'other']).status).toBe(0);
    expect(everything().pins).toEqual(before.pins);
    machine.output('ip', 'netns', 'delete', 'other');
    machine.output('ip', 'netns', 'add', 'account');
  });
});

describe('replay, interrupted while frames are on their way', () => {
  test.each<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('by %s leaves nothing and says so in its status', async (signal, status) => {
    const before = everything();
    const long = join(folder, 'long.pcap');
    writeFileSync(long, captureOf(Array.from({ length: 200 }, () => WRITTEN_FRAMES).flat()));
    const child = machine.start(['replay', '-f', policy, '--pcap', long]);
    const ended = once(child, 'exit');
    if (child.stdout === null || child.pid === undefined) throw new Error('replay has not started');
    const errors: string[] = [];
    child.stderr?.on('data', chunk => errors.push(String(chunk)));
    const first = await Promise.race([once(child.stdout, 'data'), ended]);
    expect({ first: String(first[0]), stderr: errors.join('') }).toMatchObject({
      first: expect.stringMatching(/^1: /),
    });
    expect(everything().namespaces).not.toEqual(before.namespaces);
    child.kill(signal);
    expect(await ended).toEqual([status, null]);
    expect(everything()).toEqual(before);
    expect(processesOfGroup(child.pid)).toEqual([]);
  });
});

interface Everything {
  readonly namespaces: readonly string[];
  readonly pins: readonly string[];
  readonly mounts: readonly string[];
  /** Of the machine itself and of the account's namespace. */
  readonly tables: string;
  readonly temporaryFiles: readonly string[];
}

function everything(): Everything {
  const lines = (...command: string[]) =>
    machine
      .output(...command)
      .split('\n')
      .filter(line => line !== '')
      .sort();
  const account = machine.run(['nsenter', '--net=/run/netns/account', 'nft', 'list', 'tables']);
  return {
    namespaces: lines('ls', '/run/netns'),
    pins: lines('find', '/sys/fs/bpf'),
    mounts: lines('cat', '/proc/self/mounts'),
    tables: `${machine.output('nft', 'list', 'tables')}${account.stdout}`,
    temporaryFiles: readdirSync(temporary),
  };
}

/** Zombies excepted: the last process of a group is waited for by init. */
function processesOfGroup(group: number): string[] {
  return readdirSync('/proc')
    .filter(name => /^[0-9]+$/.test(name))
    .flatMap(name => {
      try {
        return [readFileSync(`/proc/${name}/stat`, 'latin1')];
      } catch (error) {
        // Ended since the folder was read.
        if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
        throw error;
      }
    })
    .filter(stat => {
      const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return state !== 'Z' && processGroup === String(group);
    });
}
