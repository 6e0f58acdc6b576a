// One entry's literal in one dimension's tables replaced by another, in place.

import { setBits } from './change-rows';
import type { Changed } from './changed';
import type { ChangingColumn } from './changing-column';
import type { DirectTables, SearchTables } from './classifier';
import { startAt } from './interpret';
import type { Literal } from './product';
import { rowBytes } from './rows';
import type { SearchDimension } from './shape';

/** Literals of more intervals are left to a new build. */
const MOST_INTERVALS = 1024;

/** No literal: any number, and absence. False where there is no room; the tables are then no longer of any use. */
export function changeColumn(column: ChangingColumn, entry: number, literal: Literal | undefined): boolean {
  const { tables } = column;
  if (literal === undefined) return setBits(column, entry, new Uint8Array(tables.classes).fill(1));
  if (literal.values.length > MOST_INTERVALS) return false;
  const stretches = stretchesOf(column, literal);
  const inside = stretches && takeWhole(column, stretches);
  if (inside === undefined) return false;
  inside[0] = literal.absent ? 1 : 0;
  return setBits(column, entry, inside);
}

/** From one place of the table of classes (inclusive) to another (exclusive). */
type Stretch = readonly [number, number];

/** Cells or intervals that the literal takes, after intervals have been cut at its borders. */
function stretchesOf({ shape, tables, changed }: ChangingColumn, { values }: Literal): Stretch[] | undefined {
  if (shape.kind === 'direct') return values.map(({ from, to }) => [Number(from), Number(to) + 1]);
  const search = tables as SearchTables;
  const end = 1n << BigInt(shape.bits);
  const borders = values.flatMap(({ from, to }) => [from, to + 1n]).filter(border => border < end);
  if (!borders.every(border => cut(shape, search, border, changed))) return undefined;
  return values.map(({ from, to }) => [lastNotAbove(search, from), lastNotAbove(search, to) + 1]);
}

function lastNotAbove(tables: SearchTables, value: bigint): number {
  let low = 0;
  let high = tables.intervals;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (startAt(tables, middle) <= value) low = middle;
    else high = middle;
  }
  return low;
}

/** An interval begins at the border from now on, of the class that it lies in. */
function cut(shape: SearchDimension, tables: SearchTables, border: bigint, changed: Changed): boolean {
  const cutOne = lastNotAbove(tables, border);
  if (startAt(tables, cutOne) === border) return true;
  if (tables.intervals === shape.starts || !hasRoom(shape, tables, border)) return false;
  const { starts, classOf } = tables;
  const at = cutOne + 1;
  const width = shape.startBytes === 16 ? 2 : 1;
  starts.copyWithin((at + 1) * width, at * width, tables.intervals * width);
  if (starts instanceof Uint32Array) starts[at] = Number(border);
  else {
    if (width === 2) starts[2 * at] = border >> 64n;
    starts[width * at + width - 1] = BigInt.asUintN(64, border);
  }
  classOf.copyWithin(at + 1, at, tables.intervals);
  classOf[at] = classOf[cutOne] as number;
  tables.intervals++;
  if (tables.members !== undefined) increment(tables.members, classOf[at] as number);
  changed.add(shape.startsAt + at * shape.startBytes, (tables.intervals - at) * shape.startBytes);
  changed.add(shape.classOfAt + at * 2, (tables.intervals - at) * 2);
  moveBuckets(shape, tables, border, changed);
  return true;
}

/** The search makes so many steps in a bucket. */
function hasRoom({ bits, bucketBits, steps }: SearchDimension, tables: SearchTables, border: bigint): boolean {
  const most = 2 ** steps - 1;
  if (bucketBits === 0) return tables.intervals <= most;
  const width = BigInt(bits - bucketBits);
  const bucket = border >> width;
  if (bucket << width === border) return true;
  const first = tables.buckets[Number(bucket)] as number;
  const fullest = first + most;
  return fullest >= tables.intervals || startAt(tables, fullest) >= (bucket + 1n) << width;
}

/** Every bucket whose first number is not below the border has one interval more before it. */
function moveBuckets(shape: SearchDimension, { buckets }: SearchTables, border: bigint, changed: Changed): void {
  if (shape.bucketBits === 0) return;
  const width = BigInt(shape.bits - shape.bucketBits);
  const from = Number((border + (1n << width) - 1n) >> width);
  for (let bucket = from; bucket < buckets.length; bucket++) increment(buckets, bucket);
  if (from < buckets.length) changed.add(shape.bucketsAt + from * 4, (buckets.length - from) * 4);
}

/**
 * Marks the classes that lie in the stretches, after dividing those that lie in them with a part only: that part becomes
 * a class of its own, with a copy of the row. undefined where there is no room for it.
 */
function takeWhole(column: ChangingColumn, stretches: readonly Stretch[]): Uint8Array | undefined {
  const { shape, tables, changed } = column;
  const places = tables.kind === 'direct' ? tables.cells : tables.classOf;
  const placesAt = shape.kind === 'direct' ? shape.cellsAt : shape.classOfAt;
  tables.members ??= countMembers(tables, shape.classes);
  const { members } = tables;
  const taken = new Uint32Array(shape.classes);
  for (const [from, to] of stretches) for (let at = from; at < to; at++) increment(taken, places[at] as number);
  const parts = new Map<number, number>();
  for (let row = 1, before = tables.classes; row < before; row++) {
    if (taken[row] === 0 || taken[row] === members[row]) continue;
    const part = divide(column, row);
    if (part === undefined) return undefined;
    parts.set(row, part);
    members[part] = taken[part] = taken[row] as number;
    members[row] = (members[row] as number) - (taken[row] as number);
    taken[row] = 0;
  }
  if (parts.size > 0) {
    for (const [from, to] of stretches) {
      for (let at = from; at < to; at++) places[at] = parts.get(places[at] as number) ?? (places[at] as number);
      changed.add(placesAt + from * 2, (to - from) * 2);
    }
    if (tables.kind === 'search') refill(tables, placesAt, changed);
  }
  return Uint8Array.from(taken, count => (count > 0 ? 1 : 0));
}

/** By class, how many cells or intervals are of it. */
function countMembers(tables: DirectTables | SearchTables, classes: number): Uint32Array {
  const members = new Uint32Array(classes);
  const [places, length] =
    tables.kind === 'direct' ? [tables.cells, tables.cells.length - 1] : [tables.classOf, tables.intervals];
  for (let at = 0; at < length; at++) increment(members, places[at] as number);
  return members;
}

/** A new class with the row of another. */
function divide({ shape, rows, tables, changed }: ChangingColumn, row: number): number | undefined {
  if (tables.classes === shape.classes) return undefined;
  const bytes = rowBytes(rows);
  const part = tables.classes++;
  tables.rows.copyWithin((part * bytes) / 2, (row * bytes) / 2, ((row + 1) * bytes) / 2);
  changed.add(shape.rowsAt + part * bytes, bytes);
  return part;
}

/** The fillers behind the last interval are of its class. */
function refill({ classOf, intervals }: SearchTables, classOfAt: number, changed: Changed): void {
  const last = classOf[intervals - 1] as number;
  const end = classOf.length - 1;
  if (intervals === end || classOf[intervals] === last) return;
  classOf.fill(last, intervals, end);
  changed.add(classOfAt + 2 * intervals, 2 * (end - intervals));
}

function increment(counts: Uint32Array, at: number): void {
  counts[at] = (counts[at] as number) + 1;
}
