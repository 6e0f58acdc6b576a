// Which instances' pins go. Maps stand for what real instances pin.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBpffs, pin } from '../../../src/ebpf/bpffs';
import { createMap, MAP_TYPE } from '../../../src/ebpf/map';
import { createNamespace, deleteNamespace } from '../../../src/netns/namespace';
import { classifierUserDirectory, newInstanceDirectory } from '../../../src/reconcile/classifier/place';
import { listInstances, releaseInstances } from '../../../src/reconcile/classifier/release';
import { BPFFS } from '../../../src/reconcile/pin';
import { programUser } from '../../../src/reconcile/target';

const NAMESPACE = `rampart-test-release-${process.pid}`;
const USER = programUser({ namespace: NAMESPACE });
const PROGRAM = '0123456789abcdef0123456789abcdef';

beforeAll(() => ensureBpffs(BPFFS));
beforeEach(() => createNamespace(NAMESPACE));
afterEach(() => {
  deleteNamespace(NAMESPACE);
  releaseInstances(listInstances(USER));
});

test('an instance goes with all its pins, others stay', () => {
  const [old, inForce] = [pinned(['verdict', 'rules', 'counters']), pinned(['verdict', 'rules'])];
  expect(listInstances(USER)).toEqual([old, inForce].sort());
  releaseInstances([old]);
  expect(existsSync(old)).toBe(false);
  expect(listInstances(USER)).toEqual([inForce]);
});

test('the last instance takes the user’s directory along', () => {
  releaseInstances([pinned(['verdict'])]);
  expect(existsSync(classifierUserDirectory(USER))).toBe(false);
});

test('giving up what is given up already is harmless', () => {
  const directory = pinned(['verdict']);
  releaseInstances([directory]);
  releaseInstances([directory]);
  expect(listInstances(USER)).toEqual([]);
});

test('instances of a namespace that is gone go with the next release of anybody', () => {
  const directory = pinned(['verdict', 'rules']);
  releaseInstances([]);
  expect(existsSync(directory)).toBe(true);
  deleteNamespace(NAMESPACE);
  releaseInstances([]);
  expect(existsSync(classifierUserDirectory(USER))).toBe(false);
  createNamespace(NAMESPACE);
});

function pinned(names: readonly string[]): string {
  const directory = newInstanceDirectory(USER, 'ip', PROGRAM);
  const map = createMap({ name: 'pinned', type: MAP_TYPE.array, keySize: 4, valueSize: 8, maxEntries: 1, flags: 0 });
  for (const name of names) pin(map, join(directory, name));
  map.close();
  return directory;
}
