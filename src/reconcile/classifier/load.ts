// A classifier's program and its maps into the kernel: nothing is pinned yet, and all of it is gone with the process.

import { type ObjectCache, objectOf } from '../../backend/ebpf/object-cache';
import { MEMO_DROP, MEMO_LOGGED } from '../../classifier/maps';
import { createMap, MAP_FLAG, MAP_TYPE } from '../../ebpf/map';
import { loadBpfObject, openBpfObject } from '../../ebpf/object';
import type { BpfMap, BpfObject, BpfProgram } from '../../native';
import type { PlannedClassifier } from '../../plan';
import { ENTRY } from '../programs';
import { loadMemoProgram } from './memo-program';
import { RECORD_SIZE } from './rule-record';

export interface LoadedClassifier {
  readonly verdict: BpfProgram;
  readonly tables: BpfMap;
  readonly control: BpfMap;
  readonly counters: BpfMap;
  /** The records of rule-record.ts, as many as there are counters. */
  readonly rules: BpfMap;
  readonly memo: MemoPrograms | undefined;
}

/** Where rules log: what asks whether the packet is to be dropped, and whether each of them matched. */
export interface MemoPrograms {
  readonly map: BpfMap;
  readonly dropped: BpfProgram;
  readonly logged: readonly BpfProgram[];
}

/** With the counters of an earlier instance, or new ones: so many that all rules can be replaced by others at once. */
export async function loadClassifier(
  { program, classifier: { shape, tables } }: PlannedClassifier,
  cache: ObjectCache,
  counters: BpfMap | undefined,
): Promise<LoadedClassifier> {
  const object = openBpfObject(await objectOf(program, cache), program.name);
  try {
    if (counters === undefined) object.setMaxEntries('counters', 2 * shape.counters);
    else object.reuseMap('counters', counters.fd);
    await loadBpfObject(object, program.name);
    const own = object.map('counters');
    return {
      verdict: object.program(ENTRY),
      tables: object.map('tables'),
      control: object.map('control'),
      counters: own,
      rules: createRules(own.info().maxEntries),
      memo: shape.loggingWords === 0 ? undefined : memoPrograms(object, tables.loggingRules.length),
    };
  } finally {
    object.close();
  }
}

function createRules(maxEntries: number): BpfMap {
  const sizes = { keySize: 4, valueSize: RECORD_SIZE, maxEntries };
  return createMap({ name: 'rules', type: MAP_TYPE.array, ...sizes, flags: MAP_FLAG.mmapable });
}

function memoPrograms(object: BpfObject, logging: number): MemoPrograms {
  const map = object.map('memo');
  return {
    map,
    dropped: loadMemoProgram(map, MEMO_DROP, 0),
    logged: Array.from({ length: logging }, (_, number) =>
      loadMemoProgram(map, MEMO_LOGGED + Math.floor(number / 64), number % 64),
    ),
  };
}

/** Whatever of it is pinned or called by rules stays in the kernel. */
export function closeClassifier({ verdict, tables, control, counters, rules, memo }: LoadedClassifier): void {
  for (const each of [verdict, tables, control, counters, rules]) each.close();
  if (memo !== undefined) for (const each of [memo.map, memo.dropped, ...memo.logged]) each.close();
}
