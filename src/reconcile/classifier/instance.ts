// A classifier in the kernel, made and held by this process, in a directory of pins of its own. What is made here judges
// no packet until an nft rule names it. flip.ts exchanges what it judges by.

import type { ObjectCache } from '../../backend/ebpf/object-cache';
import type { Change } from '../../classifier/classifier';
import { writeSlot } from '../../classifier/write';
import { invariant } from '../../diagnostic/invariant';
import { openPinnedMap } from '../../ebpf/map';
import type { BpfMap } from '../../native';
import { HOST_IS_LITTLE_ENDIAN as LITTLE } from '../../netlink/attribute';
import { pinOnce } from '../pin-once';
import { type CountOf, NOTHING, readCounters } from './counter-values';
import { type InstanceInForce, readCounts, recordsOf, sequenceOf } from './in-force';
import { closeMaps, closePrograms, createMaps, loadPrograms, type Maps, type Programs } from './load';
import { droppedPin, loggedPin, mapPin, newInstanceDirectory, verdictPin } from './place';
import { releaseInstances } from './release';
import { type CountedRule, RuleRecords } from './rule-record';
import { assignSlots, type SlotAssignment, SlotPool } from './slots';
import { countedRules, type WantedClassifier, withTables } from './wanted';

export interface Instance {
  readonly directory: string;
  readonly maps: Maps;
  readonly programs: Programs;
  /** Memory of the two slots of tables. */
  readonly tables: readonly [Uint8Array, Uint8Array];
  /** Memory of the rules' records. */
  readonly records: RuleRecords;
  readonly pool: SlotPool;
  /** Not those of the instance that it was made beside. */
  readonly ownCounters: boolean;
  /** Exchanged by each flip. */
  state: InstanceState;
}

export interface InstanceState {
  readonly wanted: WantedClassifier;
  /** Of the tables in use. */
  readonly sequence: number;
  /** Counter slots by the rules' position. */
  readonly slots: Uint32Array;
  /** From what the other slot of tables holds to what the one in use does; undefined where nobody knows. */
  readonly lastChange: Pick<Change, 'ranges' | 'entries'> | undefined;
}

/** Slot 0, and no zero, which is what a map begins with. */
const FIRST_SEQUENCE = 2;
const ONLY_KEY = new Uint8Array(4);

/**
 * Pinned and filled; nothing of it is left where that fails. With the counters of `current`, the instance in force, if it
 * has enough for all rules; else with the counts that it has come to. The caller closes the instance.
 */
export async function createInstance(
  asked: WantedClassifier,
  user: string,
  cache: ObjectCache,
  current: InstanceInForce | undefined,
): Promise<Instance> {
  const wanted = withTables(asked);
  const rules = countedRules(wanted);
  const taken = current && (await takeOver(rules, current));
  const maps = createMaps(wanted.planned.classifier.shape, taken?.counters);
  const directory = newInstanceDirectory(user, wanted.family, wanted.planned.program.name);
  try {
    const loading = loadPrograms(wanted.planned, cache, maps);
    // The verifier is at work meanwhile.
    const [programs, filled] = await Promise.all([loading, fill(wanted, rules, maps, taken)]);
    const instance = { directory, maps, programs, ownCounters: taken === undefined, ...filled };
    if (taken === undefined && current !== undefined) await addEarlierCounts(instance, current);
    pinInstance(instance);
    return instance;
  } catch (error) {
    closeMaps(maps);
    releaseInstances([directory]);
    throw error;
  }
}

/** All that packets are judged by and all that readers look for. */
async function fill(
  wanted: WantedClassifier,
  rules: readonly CountedRule[],
  maps: Maps,
  taken: Beginning | undefined,
): Promise<Pick<Instance, 'tables' | 'records' | 'pool' | 'state'>> {
  const { pool, assignment } = taken ?? begin(rules, maps.counters);
  const start = taken === undefined ? () => NOTHING : await startOf(maps.counters, assignment);
  const records = new RuleRecords(maps.rules.mmap());
  record(records, rules, assignment, start);
  const tables = tablesOf(maps.tables);
  writeSlot(wanted.planned.classifier, tables[0], assignment.slots);
  writeSequence(maps.control, FIRST_SEQUENCE);
  const state = { wanted, sequence: FIRST_SEQUENCE, slots: assignment.slots, lastChange: undefined };
  return { tables, records, pool, state };
}

/** Pins what is not pinned: all of it, or what another process's sweep has removed. */
export function pinInstance({ directory, maps, programs }: Instance): void {
  for (const [name, map] of Object.entries(maps)) {
    if (map !== undefined) pinOnce(map, mapPin(directory, name as keyof Maps));
  }
  if (programs.memo !== undefined) {
    pinOnce(programs.memo.dropped, droppedPin(directory));
    for (const [number, program] of programs.memo.logged.entries()) pinOnce(program, loggedPin(directory, number));
  }
  // The last one: what has it is whole.
  pinOnce(programs.verdict, verdictPin(directory));
}

/** The kernel goes on with it where rules name it; its pins stay. */
export function closeInstanceOf({ maps, programs }: Instance): void {
  closeMaps(maps);
  closePrograms(programs);
}

/**
 * The counts of the rules that both have, as they were before the instance's own: for one with counters of its own. Once
 * more when no rule names `current` any more, as it went on counting until then.
 */
export async function addEarlierCounts({ records, state }: Instance, current: InstanceInForce): Promise<void> {
  const earlier = new Map((await readCounts(current)).map(count => [count.digest, count]));
  for (const [position, { digest }] of countedRules(state.wanted).entries()) {
    const count = earlier.get(digest);
    if (count !== undefined) records.writeEarlier(state.slots[position] as number, count.packets, count.bytes);
  }
}

/** What a record begins with whose slot has counted for others before. */
export async function startOf(counters: BpfMap, { fresh, slots }: SlotAssignment): Promise<CountOf> {
  const countOf = await readCounters(
    counters,
    fresh.map(position => slots[position] as number),
  );
  return slot => {
    const { packets, bytes } = countOf(slot);
    return { packets: -packets, bytes: -bytes };
  };
}

/** From here on packets are judged by the slot that the number's last bit says. */
export function writeSequence(control: BpfMap, sequence: number): void {
  const value = new DataView(new ArrayBuffer(8));
  value.setBigUint64(0, BigInt(sequence), LITTLE);
  control.update(ONLY_KEY, new Uint8Array(value.buffer), 0);
}

interface Beginning {
  /** Taken over. */
  readonly counters?: BpfMap;
  readonly pool: SlotPool;
  readonly assignment: SlotAssignment;
}

/** undefined where the counters in force have not enough free slots. */
async function takeOver(rules: readonly CountedRule[], current: InstanceInForce): Promise<Beginning | undefined> {
  const sequence = sequenceOf(current);
  const records = await recordsOf(current);
  const pool = SlotPool.ofRecords(records, sequence);
  const assignment = assignSlots(rules, records.valid(sequence), count => pool.take(count, sequence));
  if (assignment === undefined) return undefined;
  pool.end(assignment.ended, FIRST_SEQUENCE);
  // Opened once more: the one is closed with the instance in force.
  return { counters: openPinnedMap(mapPin(current.directory, 'counters')), pool, assignment };
}

function begin(rules: readonly CountedRule[], counters: BpfMap): Beginning {
  const pool = SlotPool.ofCapacity(counters.info().maxEntries);
  const assignment = assignSlots(rules, [], count => pool.take(count, FIRST_SEQUENCE));
  invariant(assignment !== undefined, 'a classifier’s shape has a counter for each rule');
  return { pool, assignment };
}

function record(
  records: RuleRecords,
  rules: readonly CountedRule[],
  { slots, kept }: SlotAssignment,
  startOf: CountOf,
): void {
  for (const [position, { comment, digest }] of rules.entries()) {
    const slot = slots[position] as number;
    const { packets, bytes } = kept.get(position) ?? startOf(slot);
    records.write(slot, { comment, digest, packets, bytes }, FIRST_SEQUENCE);
  }
}

/** Elements of a mapped array lie 8 bytes apart or a multiple of it. */
function tablesOf(tables: BpfMap): readonly [Uint8Array, Uint8Array] {
  const memory = tables.mmap();
  const size = memory.byteLength / 2;
  return [new Uint8Array(memory, 0, size), new Uint8Array(memory, size, size)];
}
