// Which counter slot each rule of a classifier gets: rules that stay keep theirs, and with it their counts; the others
// get slots that no rule in force has.

import type { CountedRule, SlotRecord } from './rule-record';

export interface SlotAssignment {
  /** By the rules' position. */
  readonly slots: Uint32Array;
  /** Positions whose slot was not theirs before: to be zeroed and recorded. */
  readonly fresh: readonly number[];
  /** Records that stay as they are, for the positions that are not fresh. */
  readonly kept: ReadonlyMap<number, SlotRecord>;
  /** Slots whose rule is gone. */
  readonly ended: readonly number[];
}

/** undefined where there are fewer free slots than new rules. `isFree` is asked of slots below `capacity`. */
export function assignSlots(
  rules: readonly CountedRule[],
  current: readonly SlotRecord[],
  isFree: (slot: number) => boolean,
  capacity: number,
): SlotAssignment | undefined {
  const known = new Map(current.map(record => [record.comment, record]));
  const slots = new Uint32Array(rules.length);
  const fresh: number[] = [];
  const kept = new Map<number, SlotRecord>();
  for (const [position, rule] of rules.entries()) {
    const record = known.get(rule.comment);
    if (record === undefined || !isEqual(record.digest, rule.digest)) {
      fresh.push(position);
      continue;
    }
    known.delete(rule.comment);
    kept.set(position, record);
    slots[position] = record.slot;
  }
  let slot = 0;
  for (const position of fresh) {
    while (slot < capacity && !isFree(slot)) slot++;
    if (slot === capacity) return undefined;
    slots[position] = slot++;
  }
  return { slots, fresh, kept, ended: [...known.values()].map(record => record.slot) };
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
