// Programs that two namespaces share: pinned once, kept as long as one of them needs them, and gone with the last.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { listPins, unpin } from '../../src/ebpf/bpffs';
import { openPinnedProgram } from '../../src/ebpf/program';
import { createNamespace, deleteNamespace, namespaceExists } from '../../src/netns/namespace';
import { apply } from '../../src/reconcile/apply';
import { readCounters } from '../../src/reconcile/counters';
import { destroy } from '../../src/reconcile/destroy';
import { programPin, userDirectory } from '../../src/reconcile/pin';
import { programUser } from '../../src/reconcile/target';
import { TEST_CACHE } from '../kernel/object-cache';
import { planOf } from '../packet/rules';

const FIRST = `rampart-test-programs-${process.pid}-first`;
const SECOND = `rampart-test-programs-${process.pid}-second.with.dots`;
/** No other test or namespace has these programs. */
const PLAN = planOf([{ expression: `ends_with(udp.payload, "${FIRST}")`, action: 'block' }]);
const OTHER = planOf([{ expression: `ends_with(udp.payload, "${SECOND}")`, action: 'block' }]);
const PROGRAMS = [...PLAN.programs.keys()].sort();
const first = { namespace: FIRST };
const second = { namespace: SECOND };

beforeEach(() => {
  for (const name of [FIRST, SECOND]) createNamespace(name);
});

afterEach(async () => {
  for (const name of [FIRST, SECOND]) {
    if (!namespaceExists(name)) createNamespace(name);
    await destroy({ namespace: name });
    deleteNamespace(name);
  }
});

test('a program is loaded once for both', async () => {
  expect((await apply(PLAN, first, TEST_CACHE)).loaded.length).toBe(2);
  const before = PROGRAMS.map(idOfPinned);
  expect((await apply(PLAN, second, TEST_CACHE)).loaded).toEqual([]);
  expect(PROGRAMS.map(idOfPinned)).toEqual(before);
  expect([pinsOf(FIRST), pinsOf(SECOND)]).toEqual([PROGRAMS, PROGRAMS]);
});

test('what one gives up the other keeps, and the last one takes it along', async () => {
  await apply(PLAN, first, TEST_CACHE);
  await apply(PLAN, second, TEST_CACHE);
  await destroy(first);
  expect(pinsOf(FIRST)).toEqual([]);
  expect(pinsOf(SECOND)).toEqual(PROGRAMS);
  expect(PROGRAMS.map(isPinned)).toEqual([true, true]);
  expect((await apply(PLAN, second, TEST_CACHE)).difference.none).toBe(true);
  await destroy(second);
  expect(PROGRAMS.map(isPinned)).toEqual([false, false]);
  expect(existsSync(userDirectory(programUser(second)))).toBe(false);
});

test('another policy gives up the programs of the one before', async () => {
  await apply(PLAN, first, TEST_CACHE);
  await apply(OTHER, first, TEST_CACHE);
  expect(pinsOf(FIRST)).toEqual([...OTHER.programs.keys()].sort());
  expect(PROGRAMS.map(isPinned)).toEqual([false, false]);
});

test('pins of a namespace that `ip netns` deleted are swept by the next change in another', async () => {
  await apply(PLAN, first, TEST_CACHE);
  await apply(OTHER, second, TEST_CACHE);
  execFileSync('ip', ['netns', 'delete', FIRST]);
  await apply(OTHER, second, TEST_CACHE);
  expect(PROGRAMS.map(isPinned)).toEqual([false, false]);
  expect(existsSync(userDirectory(programUser(first)))).toBe(false);
});

test('rules hold their programs: without its pins the policy stays in force, and apply makes them again', async () => {
  await apply(PLAN, first, TEST_CACHE);
  for (const name of PROGRAMS) unpin(programPin(name));
  expect((await readCounters(first)).programs).toEqual(PROGRAMS);
  const { difference, loaded } = await apply(PLAN, first, TEST_CACHE);
  expect({ none: difference.none, loaded: [...loaded].sort() }).toEqual({ none: true, loaded: PROGRAMS });
  expect(PROGRAMS.map(isPinned)).toEqual([true, true]);
});

function pinsOf(namespace: string): string[] {
  return listPins(userDirectory(programUser({ namespace })));
}

function isPinned(name: string): boolean {
  return existsSync(programPin(name));
}

function idOfPinned(name: string): number {
  const program = openPinnedProgram(programPin(name));
  try {
    return program.info().id;
  } finally {
    program.close();
  }
}
