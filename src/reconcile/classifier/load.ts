// A classifier's maps and programs into the kernel: nothing is pinned yet, and all of it is gone with the process. The
// maps come first, so that they are filled while the verifier is at the program.

import { type ObjectCache, objectOf } from '../../backend/ebpf/object-cache';
import { type ClassifierMap, classifierMaps, MEMO_DROP, MEMO_LOGGED } from '../../classifier/maps';
import type { Shape } from '../../classifier/shape';
import { createMap, MAP_FLAG, MAP_TYPE } from '../../ebpf/map';
import { loadBpfObject, openBpfObject } from '../../ebpf/object';
import type { BpfMap, BpfProgram } from '../../native';
import type { PlannedClassifier } from '../../plan';
import { ENTRY } from '../programs';
import { loadMemoProgram } from './memo-program';
import { RECORD_SIZE } from './rule-record';

export interface Maps {
  readonly tables: BpfMap;
  readonly control: BpfMap;
  readonly counters: BpfMap;
  /** The records of rule-record.ts, as many as there are counters. */
  readonly rules: BpfMap;
  /** Where rules log. */
  readonly memo: BpfMap | undefined;
}

export interface Programs {
  readonly verdict: BpfProgram;
  readonly memo: MemoPrograms | undefined;
}

/** Whether the packet is to be dropped, and whether each of the logging rules matched. */
export interface MemoPrograms {
  readonly dropped: BpfProgram;
  readonly logged: readonly BpfProgram[];
}

/** Counters above the number of rules, for rules that come while those that go still have theirs. */
const MOST_SPARE = 1024;

/** With the counters of an earlier instance, or new ones. The caller closes them; of given counters a copy. */
export function createMaps(shape: Shape, given: BpfMap | undefined): Maps {
  const blueprints = new Map(classifierMaps(shape).map(map => [map.name, map]));
  const create = (name: ClassifierMap['name'], more = 0) => {
    const map = blueprints.get(name) as ClassifierMap;
    return createMap(blueprintOf({ ...map, maxEntries: map.maxEntries + more }));
  };
  const counters = given ?? create('counters', Math.min(shape.counters, MOST_SPARE));
  return {
    tables: create('tables'),
    control: create('control'),
    counters,
    rules: createRules(counters.info().maxEntries),
    memo: blueprints.has('memo') ? create('memo') : undefined,
  };
}

function blueprintOf({ name, type, keySize, valueSize, maxEntries, mmapable }: ClassifierMap) {
  return { name, type: MAP_TYPE[type], keySize, valueSize, maxEntries, flags: mmapable ? MAP_FLAG.mmapable : 0 };
}

function createRules(maxEntries: number): BpfMap {
  const sizes = { keySize: 4, valueSize: RECORD_SIZE, maxEntries };
  return createMap({ name: 'rules', type: MAP_TYPE.array, ...sizes, flags: MAP_FLAG.mmapable });
}

export async function loadPrograms(planned: PlannedClassifier, cache: ObjectCache, maps: Maps): Promise<Programs> {
  const { program, classifier } = planned;
  const object = openBpfObject(await objectOf(program, cache), program.name);
  try {
    const { tables, control, counters, memo } = maps;
    for (const [name, map] of Object.entries({ tables, control, counters, memo })) {
      if (map !== undefined) object.reuseMap(name, map.fd);
    }
    await loadBpfObject(object, program.name);
    const logging = classifier.tables.loggingRules.length;
    return { verdict: object.program(ENTRY), memo: memo && loadMemoPrograms(memo, logging) };
  } finally {
    object.close();
  }
}

function loadMemoPrograms(memo: BpfMap, logging: number): MemoPrograms {
  return {
    dropped: loadMemoProgram(memo, MEMO_DROP, 0),
    logged: Array.from({ length: logging }, (_, number) =>
      loadMemoProgram(memo, MEMO_LOGGED + Math.floor(number / 64), number % 64),
    ),
  };
}

/** What is pinned or called by rules stays in the kernel. */
export function closeMaps({ tables, control, counters, rules, memo }: Maps): void {
  for (const map of [tables, control, counters, rules]) map.close();
  memo?.close();
}

export function closePrograms({ verdict, memo }: Programs): void {
  verdict.close();
  for (const program of memo === undefined ? [] : [memo.dropped, ...memo.logged]) program.close();
}
