// Instances in the kernel with a program that leaves the deciding to the packet: what is counted for whom, before and
// after a flip, beside and after another instance, and what is left of them.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBpffs, unpin } from '../../../src/ebpf/bpffs';
import { openPinnedProgram, testRunOnPacket } from '../../../src/ebpf/program';
import { createNamespace, deleteNamespace } from '../../../src/netns/namespace';
import { flip, prepareFlip } from '../../../src/reconcile/classifier/flip';
import { closeInstance, openInstance, readCounts } from '../../../src/reconcile/classifier/in-force';
import {
  addEarlierCounts,
  closeInstanceOf,
  createInstance,
  type Instance,
  pinInstance,
} from '../../../src/reconcile/classifier/instance';
import { classifierUserDirectory, droppedPin, loggedPin, verdictPin } from '../../../src/reconcile/classifier/place';
import { listInstances, releaseInstances } from '../../../src/reconcile/classifier/release';
import type { WantedClassifier } from '../../../src/reconcile/classifier/wanted';
import { BPFFS } from '../../../src/reconcile/pin';
import { programUser } from '../../../src/reconcile/target';
import { TEST_CACHE } from '../../kernel/object-cache';
import { changed, ENTRIES, plain, rule } from './plain-classifier';

const NAMESPACE = `rampart-test-instance-${process.pid}`;
const USER = programUser({ namespace: NAMESPACE });

beforeAll(() => {
  ensureBpffs(BPFFS);
  createNamespace(NAMESPACE);
});
afterEach(() => releaseInstances(listInstances(USER)));
afterAll(() => {
  deleteNamespace(NAMESPACE);
  releaseInstances([]);
});

test('what is pinned', async () => {
  const { directory } = await create(plain([rule('a'), rule('b', 'log'), rule('c', 'block', false)]));
  expect(readdirSync(directory).sort()).toEqual(
    ['control', 'counters', 'dropped', 'logged_0', 'logged_1', 'memo', 'rules', 'tables', 'verdict'].sort(),
  );
});

test('a stranger reads the rules with packets and bytes', async () => {
  const { directory } = await create(plain([rule('a'), rule('b', 'skip'), rule('c', 'log')]));
  expect([send(directory, 0), send(directory, 1), send(directory, 1), send(directory, 2)]).toEqual([1, 0, 0, 1]);
  expect(await counts(directory)).toEqual([
    'rampart rule=1 ref=a action=block: 1, 20 bytes',
    'rampart rule=2 ref=b action=skip: 2, 40 bytes',
    'rampart rule=3 ref=c action=log: 1, 20 bytes',
  ]);
});

test('the programs beside the verdict tell what it noted of the packet', async () => {
  const { directory } = await create(plain([rule('a'), rule('b', 'log'), rule('c', 'log'), rule('d', 'skip')]));
  const noted = (entry: number) => {
    send(directory, entry);
    return [droppedPin(directory), loggedPin(directory, 0), loggedPin(directory, 1)].map(path => run(path));
  };
  expect([0, 1, 2, 3].map(noted)).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [0, 0, 0],
  ]);
});

describe('a flip', () => {
  test('exchanges one rule: the others go on counting, the program is the same', async () => {
    const first = plain([rule('a'), rule('b'), rule('c')]);
    const instance = await create(first);
    const { directory } = instance;
    const program = idOf(directory);
    for (const entry of [0, 1, 1, 2]) send(directory, entry);
    expect(await flip(instance, changed(first, 1, rule('new', 'skip')))).toBeDefined();
    expect([0, 1, 2].map(entry => send(directory, entry))).toEqual([1, 0, 1]);
    expect(await counts(directory)).toEqual([
      'rampart rule=1 ref=a action=block: 2, 40 bytes',
      'rampart rule=2 ref=new action=skip: 1, 20 bytes',
      'rampart rule=3 ref=c action=block: 2, 40 bytes',
    ]);
    expect(idOf(directory)).toBe(program);
  });

  test.each([
    ['prepared', true],
    ['not prepared', false],
  ])('three hundred times, of any rule, each starting at zero, %s', async (_, prepared) => {
    let wanted = plain(Array.from({ length: 20 }, (_, number) => rule(`r${number}`)));
    const instance = await create(wanted);
    const expected = new Map<number, number>();
    const count = (entry: number) => {
      send(instance.directory, entry);
      expected.set(entry, (expected.get(entry) ?? 0) + 1);
    };
    for (let turn = 0; turn < 300; turn++) {
      for (const entry of [turn % 20, (turn * 7) % 20]) count(entry);
      const position = (turn * 3) % 20;
      expected.set(position, 0);
      if (prepared) prepareFlip(instance);
      wanted = changed(wanted, position, rule(`turn${turn}`));
      expect(await flip(instance, wanted)).toBeDefined();
    }
    const read = await counts(instance.directory);
    expect(read.map(text => Number(/: ([0-9]+),/.exec(text)?.[1]))).toEqual(
      Array.from({ length: 20 }, (_, entry) => expected.get(entry) ?? 0),
    );
  });

  test('to other rules in another order: those that stay keep their counts', async () => {
    const instance = await create(plain([rule('a'), rule('b'), rule('c')]));
    for (const entry of [0, 1, 1, 2, 2, 2]) send(instance.directory, entry);
    expect(await flip(instance, plain([rule('c'), rule('d'), rule('a'), rule('e', 'skip')]))).toBeDefined();
    expect([0, 1, 2, 3].map(entry => send(instance.directory, entry))).toEqual([1, 1, 1, 0]);
    expect(await counts(instance.directory)).toEqual([
      'rampart rule=1 ref=c action=block: 4, 80 bytes',
      'rampart rule=2 ref=d action=block: 1, 20 bytes',
      'rampart rule=3 ref=a action=block: 2, 40 bytes',
      'rampart rule=4 ref=e action=skip: 1, 20 bytes',
    ]);
  });

  test('is refused, and changes nothing, where nft’s rules would have to change', async () => {
    const instance = await create(plain([rule('a'), rule('b', 'log')]));
    expect(await flip(instance, plain([rule('a'), rule('c', 'log')]))).toBeUndefined();
    expect(await flip(instance, plain([rule('a', 'log'), rule('b', 'log')]))).toBeUndefined();
    expect(await flip(instance, plain([rule('a')]))).toBeUndefined();
    send(instance.directory, 1);
    expect(await counts(instance.directory)).toEqual([
      'rampart rule=1 ref=a action=block: 0, 0 bytes',
      'rampart rule=2 ref=b action=log: 1, 20 bytes',
    ]);
  });

  test('is refused for tables that have been used up by a later version', async () => {
    const first = plain([rule('a'), rule('b')]);
    const instance = await create(first);
    expect(await flip(instance, changed(first, 0, rule('c')))).toBeDefined();
    expect(await flip(instance, first)).toBeUndefined();
  });
});

describe('a new instance beside the one in force', () => {
  test('takes its counters over, and both count the same rules in the same place', async () => {
    const old = await create(plain([rule('a'), rule('b')]));
    for (const entry of [0, 1, 1]) send(old.directory, entry);
    const next = await create(plain([rule('b'), rule('c'), rule('a')]), old.directory);
    // Still the one in force: it goes on counting what the next one takes over.
    send(old.directory, 0);
    expect([0, 1].map(entry => send(next.directory, entry))).toEqual([1, 1]);
    expect(await counts(next.directory)).toEqual([
      'rampart rule=1 ref=b action=block: 3, 60 bytes',
      'rampart rule=2 ref=c action=block: 1, 20 bytes',
      'rampart rule=3 ref=a action=block: 2, 40 bytes',
    ]);
    expect(await counts(old.directory)).toEqual([
      'rampart rule=1 ref=a action=block: 2, 40 bytes',
      'rampart rule=2 ref=b action=block: 3, 60 bytes',
    ]);
  });

  test('takes over after a flip too', async () => {
    const first = plain([rule('a'), rule('b')]);
    const old = await create(first);
    send(old.directory, 1);
    await flip(old, changed(first, 0, rule('c')));
    send(old.directory, 0);
    const next = await create(plain([rule('c'), rule('a'), rule('b')]), old.directory);
    expect(await counts(next.directory)).toEqual([
      'rampart rule=1 ref=c action=block: 1, 20 bytes',
      'rampart rule=2 ref=a action=block: 0, 0 bytes',
      'rampart rule=3 ref=b action=block: 1, 20 bytes',
    ]);
  });

  test('takes the counts over where its counters are too few', async () => {
    const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => rule(`${prefix}${i}`));
    const stays = rule('stays');
    const second = await create(plain([stays, ...names('a', ENTRIES - 1)]));
    send(second.directory, 0);
    // Of 128 counters 64 are in force, and 63 rest that the flip has ended.
    expect(await flip(second, plain([stays, ...names('b', ENTRIES - 1)]))).toBeDefined();
    const third = await create(plain([stays, ...names('c', ENTRIES - 1)]), second.directory);
    send(second.directory, 0);
    send(third.directory, 0);
    const current = openInstance(second.directory);
    await addEarlierCounts(third, current);
    closeInstance(current);
    expect((await counts(third.directory))[0]).toBe('rampart rule=1 ref=stays action=block: 3, 60 bytes');
  });
});

test('pins that were removed are made again, and without them a reader is told what to do', async () => {
  const instance = await create(plain([rule('a')]));
  send(instance.directory, 0);
  for (const name of readdirSync(instance.directory)) unpin(join(instance.directory, name));
  expect(() => openInstance(instance.directory)).toThrow(
    expect.objectContaining({
      code: 'reconcile.missing-instance',
      cure: expect.stringMatching(/apply the policy again/),
    }),
  );
  pinInstance(instance);
  expect(await counts(instance.directory)).toEqual(['rampart rule=1 ref=a action=block: 1, 20 bytes']);
});

test('nothing is left of one that could not be made', async () => {
  const wanted = plain([rule('a')]);
  const text = wanted.planned.program.text.replace('MAP(memo,', 'MAP(other,').replace('&memo,', '&other,');
  const program = { name: wanted.planned.program.name, text };
  await expect(create({ ...wanted, planned: { ...wanted.planned, program } })).rejects.toThrow();
  expect(existsSync(classifierUserDirectory(USER))).toBe(false);
});

async function create(wanted: WantedClassifier, currentDirectory?: string): Promise<Instance> {
  const current = currentDirectory === undefined ? undefined : openInstance(currentDirectory);
  const instance = await createInstance(wanted, USER, TEST_CACHE, current);
  if (current !== undefined) closeInstance(current);
  open.push(instance);
  return instance;
}

const open: Instance[] = [];
afterEach(() => {
  for (const instance of open.splice(0)) closeInstanceOf(instance);
});

/** 20 bytes, of which the second one says which entry the packet meets. */
function packet(entry: number): Uint8Array {
  return Buffer.from([0x45, entry, ...new Uint8Array(18)]);
}

function send(directory: string, entry: number): number {
  return run(verdictPin(directory), packet(entry));
}

function run(path: string, bytes = packet(0)): number {
  const program = openPinnedProgram(path);
  try {
    return testRunOnPacket(program, bytes).retval;
  } finally {
    program.close();
  }
}

function idOf(directory: string): number {
  const program = openPinnedProgram(verdictPin(directory));
  try {
    return program.info().id;
  } finally {
    program.close();
  }
}

async function counts(directory: string): Promise<string[]> {
  const instance = openInstance(directory);
  try {
    const read = await readCounts(instance);
    const lines = read.map(({ comment, packets, bytes }) => `${comment}: ${packets}, ${bytes} bytes`);
    return lines.sort((a, b) => Number(/rule=([0-9]+)/.exec(a)?.[1]) - Number(/rule=([0-9]+)/.exec(b)?.[1]));
  } finally {
    closeInstance(instance);
  }
}
