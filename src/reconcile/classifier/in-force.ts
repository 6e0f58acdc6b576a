// An instance that nft rules name, as any process finds it: by its pins alone.

import { elements, openPinnedMap } from '../../ebpf/map';
import type { BpfMap } from '../../native';
import { HOST_IS_LITTLE_ENDIAN as LITTLE } from '../../netlink/attribute';
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

async function valuesOf(map: BpfMap): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const { values } of elements(map)) parts.push(values);
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
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

/** Per-CPU values added up: u64 packets, u64 bytes for each possible CPU. */
async function countsOf(counters: BpfMap, records: readonly SlotRecord[]): Promise<SlotRecord[]> {
  const { buffer, byteOffset, byteLength } = await valuesOf(counters);
  const words = new BigUint64Array(buffer, byteOffset, byteLength / 8);
  const width = words.length / counters.info().maxEntries;
  return records.map(({ slot, comment, digest, ...earlier }) => {
    let { packets, bytes } = earlier;
    for (let at = slot * width; at < (slot + 1) * width; at += 2) {
      packets += words[at] as bigint;
      bytes += words[at + 1] as bigint;
    }
    return { slot, comment, digest, packets, bytes };
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
