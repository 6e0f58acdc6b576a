// Tables into a slot: into the memory of the map, or any other bytes of that size. The records of entries name counters,
// which the instance gives out: `counters` has the counter of each rule, by the rule's position.

import { type Change, type Classifier, OUTCOME, type Tables } from './classifier';
import type { Shape } from './shape';

const RECORD_BYTES = 8;

/** Everything. The slot must not be the one in use. */
export function writeSlot({ shape, tables }: Classifier, slot: Uint8Array, counters: Uint32Array): void {
  for (const { at, bytes } of tables.sections) slot.set(bytes, at);
  writeEntries(shape, tables, slot, counters, { first: 0, count: tables.entries });
  writeLogging(shape, tables, slot, counters);
}

/**
 * What changes have changed, in a slot that has all before them; `changes` are all since then, in order, and the last
 * one's classifier is given. A rule that has another counter now needs its change too.
 */
export function writeChanges(
  { shape, tables }: Classifier,
  slot: Uint8Array,
  counters: Uint32Array,
  changes: readonly Pick<Change, 'ranges' | 'entries'>[],
): void {
  for (const { ranges, entries } of changes) {
    copyRanges(tables, slot, ranges);
    writeEntries(shape, tables, slot, counters, entries);
  }
  writeLogging(shape, tables, slot, counters);
}

function copyRanges({ sections }: Tables, slot: Uint8Array, ranges: Uint32Array): void {
  let section = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    const from = ranges[i] as number;
    const to = from + (ranges[i + 1] as number);
    while (from >= endOf(sections, section)) section++;
    const { at, bytes } = sections[section] as Tables['sections'][number];
    for (let byte = from; byte < to; byte++) slot[byte] = bytes[byte - at] as number;
  }
}

function endOf(sections: Tables['sections'], index: number): number {
  const { at, bytes } = sections[index] as Tables['sections'][number];
  return at + bytes.length;
}

function writeEntries(
  { entriesAt }: Shape,
  { rule, outcome, test, logging }: Tables,
  slot: Uint8Array,
  counters: Uint32Array,
  { first, count }: Change['entries'],
): void {
  const words = new Uint32Array(slot.buffer, slot.byteOffset + entriesAt + first * RECORD_BYTES, 2 * count);
  for (let i = 0; i < count; i++) {
    const entry = first + i;
    const logs = outcome[entry] === OUTCOME.log;
    words[2 * i] = (logs ? logging[entry] : counters[rule[entry] as number]) as number;
    words[2 * i + 1] = (test[entry] as number) | ((outcome[entry] as number) << 16);
  }
}

function writeLogging({ loggingAt }: Shape, { loggingRules }: Tables, slot: Uint8Array, counters: Uint32Array): void {
  const words = new Uint32Array(slot.buffer, slot.byteOffset + loggingAt, loggingRules.length);
  for (const [number, position] of loggingRules.entries()) words[number] = counters[position] as number;
}
