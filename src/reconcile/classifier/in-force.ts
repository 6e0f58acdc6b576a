// An instance that nft rules name, as any process finds it: by its pins alone.

import { openPinnedMap } from '../../ebpf/map';
import type { BpfMap } from '../../native';
import { HOST_IS_LITTLE_ENDIAN as LITTLE } from '../../netlink/attribute';
import { readCounters, valuesOf } from './counter-values';
import { MissingInstanceError } from './missing-instance-error';
import { mapPin, programOfInstance } from './place';
import { type CountedRule, RuleRecords, type SlotRecord } from './rule-record';

export interface InstanceInForce {
  readonly directory: string;
  /** Name of the program's text. */
  readonly program: string;
  readonly control: BpfMap;
  readonly counters: BpfMap;
  readonly rules: BpfMap;
}

/** Throws MissingInstanceError where pins of it are missing. The caller closes it. */
export function openInstance(directory: string): InstanceInForce {
  const opened: BpfMap[] = [];
  const open = (name: 'control' | 'counters' | 'rules') => {
    const map = openPinned(directory, name);
    opened.push(map);
    return map;
  };
  try {
    const maps = { control: open('control'), counters: open('counters'), rules: open('rules') };
    return { directory, program: programOfInstance(directory), ...maps };
  } catch (error) {
    for (const map of opened) map.close();
    throw error;
  }
}

export function closeInstance({ control, counters, rules }: InstanceInForce): void {
  for (const map of [control, counters, rules]) map.close();
}

/** Of the tables in use. */
export function sequenceOf({ control }: InstanceInForce): number {
  const value = control.lookup(FIRST) as Uint8Array;
  return Number(new DataView(value.buffer, value.byteOffset).getBigUint64(0, LITTLE));
}

/** A copy as it is now: mapped memory would stay until the garbage collector comes. */
export async function recordsOf({ rules }: InstanceInForce): Promise<RuleRecords> {
  const { buffer, byteOffset, byteLength } = await valuesOf(rules);
  return new RuleRecords(buffer, byteOffset, byteLength);
}

const MOST_TRIES = 10;

/** The rules in force with all that each has counted, in no order. */
export async function readCounts(instance: InstanceInForce): Promise<SlotRecord[]> {
  for (let tries = 1; ; tries++) {
    const before = sequenceOf(instance);
    const records = (await recordsOf(instance)).valid(before);
    const counts = await countsOf(instance.counters, records);
    // A slot whose rule the next flip ends is another rule's only after the flip after that. Where flips follow so close,
    // the counts of the rules just exchanged are not worth to wait for ever.
    if (sequenceOf(instance) <= before + 1 || tries === MOST_TRIES) return counts;
  }
}

/** As readCounts. Throws MissingInstanceError where pins are missing. */
export async function countsIn(directory: string): Promise<SlotRecord[]> {
  const instance = openInstance(directory);
  try {
    return await readCounts(instance);
  } finally {
    closeInstance(instance);
  }
}

/** Of an instance whose pins are gone, none. */
export async function rulesInForce(directory: string): Promise<readonly CountedRule[]> {
  const instance = openIfThere(directory);
  if (instance === undefined) return [];
  try {
    return (await recordsOf(instance)).valid(sequenceOf(instance));
  } finally {
    closeInstance(instance);
  }
}

/** undefined where its pins are gone: its counts are lost, and it can only be replaced. */
export function openIfThere(directory: string): InstanceInForce | undefined {
  try {
    return openInstance(directory);
  } catch (error) {
    if (error instanceof MissingInstanceError) return undefined;
    throw error;
  }
}

async function countsOf(counters: BpfMap, records: readonly SlotRecord[]): Promise<SlotRecord[]> {
  const countOf = await readCounters(
    counters,
    records.map(({ slot }) => slot),
  );
  return records.map(({ slot, comment, digest, ...earlier }) => {
    const { packets, bytes } = countOf(slot);
    // What the slot had before the rule is recorded as less than nothing.
    return {
      slot,
      comment,
      digest,
      packets: BigInt.asUintN(64, earlier.packets + packets),
      bytes: BigInt.asUintN(64, earlier.bytes + bytes),
    };
  });
}

function openPinned(directory: string, name: 'control' | 'counters' | 'rules'): BpfMap {
  try {
    return openPinnedMap(mapPin(directory, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new MissingInstanceError(directory, error);
    }
    throw error;
  }
}

const FIRST = new Uint8Array(4);
