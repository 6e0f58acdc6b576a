// The kernel's counters of a classifier, one for each slot: u64 packets and u64 bytes for each possible CPU. They only
// grow, and are never written: what a slot had before it was a rule's is taken away where its count is read.

import { elements } from '../../ebpf/map';
import type { BpfMap } from '../../native';

export interface Count {
  readonly packets: bigint;
  readonly bytes: bigint;
}

export type CountOf = (slot: number) => Count;

/** More are read all together, which takes as long as so many calls. */
const MOST_SINGLE = 32;

/** As they are now. */
export async function readCounters(counters: BpfMap, slots: readonly number[]): Promise<CountOf> {
  if (slots.length > MOST_SINGLE) return readAll(counters);
  const counts = new Map(slots.map(slot => [slot, readOne(counters, slot)]));
  return slot => counts.get(slot) ?? NOTHING;
}

export const NOTHING: Count = { packets: 0n, bytes: 0n };

function readOne(counters: BpfMap, slot: number): Count {
  const value = counters.lookup(new Uint8Array(Uint32Array.of(slot).buffer));
  return value === undefined ? NOTHING : sum(wordsOf(value), 0, value.length / 8);
}

async function readAll(counters: BpfMap): Promise<CountOf> {
  const words = wordsOf(await valuesOf(counters));
  const width = words.length / counters.info().maxEntries;
  return slot => sum(words, slot * width, (slot + 1) * width);
}

/** All values of an array, end to end. */
export async function valuesOf(map: BpfMap): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const { values } of elements(map)) parts.push(values);
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
}

function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): BigUint64Array {
  return new BigUint64Array(buffer, byteOffset, byteLength / 8);
}

function sum(words: BigUint64Array, from: number, to: number): Count {
  let [packets, bytes] = [0n, 0n];
  for (let at = from; at < to; at += 2) {
    packets += words[at] as bigint;
    bytes += words[at + 1] as bigint;
  }
  return { packets, bytes };
}
