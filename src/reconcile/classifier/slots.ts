// Which counter slot each rule of a classifier gets: rules that stay keep theirs, and with it their counts; the others
// get slots that no rule in force has.

import type { CountedRule, RuleRecords, SlotRecord } from './rule-record';

export interface SlotAssignment {
  /** By the rules' position. */
  readonly slots: Uint32Array;
  /** Positions whose slot was not theirs before. */
  readonly fresh: readonly number[];
  /** Records of the rules that are not fresh, by position. Their comments may be others now. */
  readonly kept: ReadonlyMap<number, SlotRecord>;
  /** Slots whose rule is gone. */
  readonly ended: readonly number[];
}

/** Slots that rules can be given. */
export class SlotPool {
  readonly #free: number[];
  #ended: { readonly slot: number; readonly until: number }[] = [];

  constructor(free: readonly number[]) {
    this.#free = free.toReversed();
  }

  /** What the records of a map leave free. */
  static ofRecords(records: RuleRecords, sequence: number): SlotPool {
    return new SlotPool(slotsBelow(records.capacity).filter(slot => records.isFree(slot, sequence)));
  }

  static ofCapacity(capacity: number): SlotPool {
    return new SlotPool(slotsBelow(capacity));
  }

  /** `count` slots while the tables of `sequence` are in use; undefined, and none taken, where there are less. */
  take(count: number, sequence: number): number[] | undefined {
    const free = this.#free.splice(Math.max(0, this.#free.length - count)).reverse();
    const rested = free.length === count ? [] : this.#takeRested(count - free.length, sequence);
    if (rested !== undefined) return [...free, ...rested];
    this.#free.push(...free.reverse());
    return undefined;
  }

  /** A packet that was being judged when they ended may still count its rule, so they rest until the flip after that. */
  #takeRested(count: number, sequence: number): number[] | undefined {
    const rested = this.#ended.filter(({ until }) => until < sequence).slice(0, count);
    if (rested.length < count) return undefined;
    this.#ended = this.#ended.filter(each => !rested.includes(each));
    return rested.map(({ slot }) => slot);
  }

  /** Their rules have come back. */
  keep(slots: readonly number[]): void {
    this.#ended = this.#ended.filter(({ slot }) => !slots.includes(slot));
  }

  /** Their rules are gone from the tables of sequence `until` on. */
  end(slots: readonly number[], until: number): void {
    for (const slot of slots) this.#ended.push({ slot, until });
  }
}

function slotsBelow(capacity: number): number[] {
  return Array.from({ length: capacity }, (_, slot) => slot);
}

/** undefined where `take` has too few slots for the new rules. */
export function assignSlots(
  rules: readonly CountedRule[],
  current: readonly SlotRecord[],
  take: (count: number) => readonly number[] | undefined,
): SlotAssignment | undefined {
  const known = new Map(current.map(record => [record.digest, record]));
  const kept = new Map<number, SlotRecord>();
  const fresh: number[] = [];
  for (const [position, { digest }] of rules.entries()) {
    const record = known.get(digest);
    if (record === undefined) fresh.push(position);
    else kept.set(position, record);
    known.delete(digest);
  }
  const taken = take(fresh.length);
  if (taken === undefined) return undefined;
  const slots = new Uint32Array(rules.length);
  for (const [position, { slot }] of kept) slots[position] = slot;
  for (const [each, position] of fresh.entries()) slots[position] = taken[each] as number;
  return { slots, fresh, kept, ended: [...known.values()].map(({ slot }) => slot) };
}
