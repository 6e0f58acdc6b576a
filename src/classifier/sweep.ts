// One dimension's literals as classes: the numbers are walked from 0 up, and where a literal begins or ends a new interval
// does. Intervals that the same entries take are one class, found by a hash that each entry's coming and going updates.

import { invariant } from '../diagnostic/invariant';
import type { IntervalSet } from '../net/interval-set';
import type { Column } from './entries';
import { type BlockShape, type PackedRows, Rows } from './rows';

export interface Sweep {
  /** First numbers of the intervals; ascending, the first is 0. */
  readonly starts: readonly number[] | readonly bigint[];
  readonly classOf: readonly number[];
  readonly classes: number;
  readonly rows: PackedRows;
}

/** Numbers of so many bits are walked as numbers, wider ones as bigints. */
export const NARROW_BITS = 32;

/** Where there would be more classes than that, or more blocks than numbers can name: which of them. */
export function sweep(
  { entries, literals }: Column,
  bits: number,
  shape: BlockShape,
  entryCount: number,
  mostClasses: number,
): Sweep | 'classes' | 'blocks' {
  const groups = groupsOf({ entries, literals }, bits);
  const { values, group } = bits <= NARROW_BITS ? narrowEvents(groups, bits) : wideEvents(groups, bits);
  const rows = new Rows(shape, Math.min(distinct(values) + 2, mostClasses), everything(entries, entryCount));
  for (const [index, { absent }] of literals.entries()) if (absent) rows.toggle(entries[index] as number);
  rows.classHere();
  for (const [index, { absent }] of literals.entries()) if (absent) rows.toggle(entries[index] as number);
  const starts: (number | bigint)[] = [];
  const classOf: number[] = [];
  let start: number | bigint = bits <= NARROW_BITS ? 0 : 0n;
  for (let i = 0; i <= values.length; i++) {
    const value = values[i];
    if (value !== start) {
      const known = rows.classHere();
      if (known === undefined) return rows.full as NonNullable<Rows['full']>;
      starts.push(start);
      classOf.push(known);
      if (value === undefined) break;
      start = value;
    }
    for (const entry of (groups[group[i] as number] as Group).entries) rows.toggle(entry);
  }
  return { starts: starts as number[] | bigint[], classOf, classes: rows.count, rows: rows.packed() };
}

function distinct(ascending: Events['values']): number {
  let count = 0;
  for (let i = 0; i < ascending.length; i++) if (ascending[i] !== ascending[i - 1]) count++;
  return count;
}

/** Entries that take any number: they are in no column. */
function everything(column: readonly number[], entryCount: number): Uint32Array {
  const bits = new Uint32Array(2 * Math.ceil(entryCount / 64));
  for (let entry = 0; entry < entryCount; entry++) setBit(bits, entry);
  for (const entry of column) bits[entry >>> 5] = (bits[entry >>> 5] as number) & ~(1 << (entry & 31));
  return bits;
}

function setBit(bits: Uint32Array, bit: number): void {
  bits[bit >>> 5] = (bits[bit >>> 5] as number) | (1 << (bit & 31));
}

/** Entries that take the same numbers. */
interface Group {
  readonly values: IntervalSet;
  readonly entries: number[];
}

/** Many rules ask for the same network or port; tests on flags have many intervals, and share the set of them. */
function groupsOf({ entries, literals }: Column, bits: number): Group[] {
  const groups: Group[] = [];
  const known = new Map<IntervalSet | number, Group>();
  for (let index = 0; index < literals.length; index++) {
    const { values } = literals[index] as Column['literals'][number];
    const entry = entries[index] as number;
    const key = bits <= NARROW_BITS ? groupKey(values) : values;
    const group = known.get(key);
    if (group !== undefined) {
      group.entries.push(entry);
      continue;
    }
    const made = { values, entries: [entry] };
    groups.push(made);
    known.set(key, made);
  }
  return groups;
}

/** Equal for equal sets of one value, one prefix, or one range of 16 bits; else the set itself. */
function groupKey(values: IntervalSet): IntervalSet | number {
  const [interval] = values;
  if (interval === undefined || values.length > 1) return values;
  const from = Number(interval.from);
  const last = interval.from === interval.to ? from : Number(interval.to);
  if (last < 2 ** 16) return from * 2 ** 16 + last;
  const difference = last - from;
  const isPrefix = (difference & (difference + 1)) === 0;
  return isPrefix ? -(from * 64 + 32 - Math.clz32(difference)) : values;
}

/** Where groups begin, and where they have ended; ascending. */
interface Events {
  readonly values: Float64Array | readonly bigint[];
  readonly group: Uint32Array | readonly number[];
}

/** Number and group packed into one double each, which sorts ten times as fast as pairs: 32 bits and 21. */
function narrowEvents(groups: readonly Group[], bits: number): Events {
  const top = 2 ** bits - 1;
  const packed = new Float64Array(groups.reduce((count, { values }) => count + 2 * values.length, 0));
  let count = 0;
  for (let index = 0; index < groups.length; index++) {
    for (const { from, to } of (groups[index] as Group).values) {
      const first = Number(from);
      const last = from === to ? first : Number(to);
      packed[count++] = first * PACKED + index;
      if (last !== top) packed[count++] = (last + 1) * PACKED + index;
    }
  }
  invariant(groups.length <= PACKED, 'limits of entries are far below');
  const sorted = packed.subarray(0, count).sort();
  const values = new Float64Array(count);
  const group = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const both = sorted[i] as number;
    const value = Math.floor(both / PACKED);
    values[i] = value;
    group[i] = both - value * PACKED;
  }
  return { values, group };
}

const PACKED = 2 ** 21;

function wideEvents(groups: readonly Group[], bits: number): Events {
  const top = (1n << BigInt(bits)) - 1n;
  const values: bigint[] = [];
  const group: number[] = [];
  for (const [index, { values: intervals }] of groups.entries()) {
    for (const { from, to } of intervals) {
      values.push(from);
      group.push(index);
      if (to === top) continue;
      values.push(to + 1n);
      group.push(index);
    }
  }
  const order = values.map((_, i) => i).sort((a, b) => compare(values[a] as bigint, values[b] as bigint));
  return { values: order.map(i => values[i] as bigint), group: order.map(i => group[i] as number) };
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
