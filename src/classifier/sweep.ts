// One dimension's literals as classes: the numbers are walked from 0 up, and where a literal begins or ends a new interval
// does. Intervals that the same entries take are one class, found by a hash that each entry's coming and going updates.

import { invariant } from '../diagnostic/invariant';
import type { IntervalSet } from '../net/interval-set';
import type { Column } from './entries';

export interface RowShape {
  readonly summaryWords: number;
  readonly entryWords: number;
}

export interface Sweep {
  /** First numbers of the intervals; ascending, the first is 0. */
  readonly starts: readonly number[] | readonly bigint[];
  readonly classOf: readonly number[];
  readonly classes: number;
  /** Two u32 for each word of 64 bits, the low one first; has room for more rows. */
  readonly rows: Uint32Array;
}

/** Numbers of so many bits are walked as numbers, wider ones as bigints. */
export const NARROW_BITS = 32;

/** undefined where there would be more classes than that. */
export function sweep(
  { entries, literals }: Column,
  bits: number,
  shape: RowShape,
  entryCount: number,
  mostClasses: number,
): Sweep | undefined {
  const groups = groupsOf({ entries, literals });
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
      if (known === undefined) return undefined;
      starts.push(start);
      classOf.push(known);
      if (value === undefined) break;
      start = value;
    }
    for (const entry of (groups[group[i] as number] as Group).entries) rows.toggle(entry);
  }
  return { starts: starts as number[] | bigint[], classOf, classes: rows.count, rows: rows.rows };
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

/** Tests on flags have many intervals, and the same set of them for all rules that ask the same. */
function groupsOf({ entries, literals }: Column): Group[] {
  const groups: Group[] = [];
  const known = new Map<IntervalSet, Group>();
  for (const [index, { values }] of literals.entries()) {
    const entry = entries[index] as number;
    const group = values.length > 1 ? known.get(values) : undefined;
    if (group !== undefined) {
      group.entries.push(entry);
      continue;
    }
    const made = { values, entries: [entry] };
    groups.push(made);
    if (values.length > 1) known.set(values, made);
  }
  return groups;
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
    values[i] = Math.floor(both / PACKED);
    group[i] = both % PACKED;
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

/** The rows found so far, and the one that the walk is at. */
class Rows {
  rows: Uint32Array;
  count = 0;
  readonly #shape: RowShape;
  readonly #most: number;
  readonly #here: Uint32Array;
  readonly #known = new Map<number, number>();
  #low = 0;
  #high = 0;

  constructor(shape: RowShape, most: number, here: Uint32Array) {
    this.#shape = shape;
    this.#most = most;
    this.#here = here;
    this.rows = new Uint32Array(2 * rowWords(shape) * most);
  }

  toggle(entry: number): void {
    this.#here[entry >>> 5] = (this.#here[entry >>> 5] as number) ^ (1 << (entry & 31));
    this.#low ^= mixed(entry);
    this.#high ^= mixed(~entry);
  }

  /** The class of the row as it is now; a new one where no interval had it. undefined where there is no room for it. */
  classHere(): number | undefined {
    // 21 bits and 32: what a double holds exactly. What the hash takes for equal is compared.
    const hash = (this.#high & 0x1fffff) * 2 ** 32 + (this.#low >>> 0);
    const known = this.#known.get(hash);
    if (known !== undefined && known > 0 && this.#isHere(known)) return known;
    if (this.count === this.#most) return undefined;
    this.#write(this.count);
    this.#known.set(hash, this.count);
    return this.count++;
  }

  #isHere(row: number): boolean {
    const at = this.#bitsOf(row);
    for (let i = 0; i < this.#here.length; i++) if (this.#here[i] !== this.rows[at + i]) return false;
    return true;
  }

  #write(row: number): void {
    const at = this.#bitsOf(row);
    this.rows.set(this.#here, at);
    summarise(this.rows, 2 * row * rowWords(this.#shape), this.#shape);
  }

  #bitsOf(row: number): number {
    return 2 * (row * rowWords(this.#shape) + this.#shape.summaryWords);
  }
}

export function rowWords({ summaryWords, entryWords }: RowShape): number {
  return summaryWords + entryWords;
}

/** Sets the summary of the row at this place: a bit for each word that is not 0. */
export function summarise(rows: Uint32Array, at: number, { summaryWords, entryWords }: RowShape): void {
  const first = at + 2 * summaryWords;
  for (let word = 0; word < entryWords; word++) {
    if ((rows[first + 2 * word] as number) === 0 && (rows[first + 2 * word + 1] as number) === 0) continue;
    rows[at + (word >>> 5)] = (rows[at + (word >>> 5)] as number) | (1 << (word & 31));
  }
}

/** A hash of 32 bits (the finalizer of MurmurHash3). */
function mixed(entry: number): number {
  let hash = Math.imul(entry ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
