// The intervals of a sweep as the tables that a program looks into: a cell for each number where it has few bits, else a
// sorted array of starts with buckets by the top bits.

import type { DirectTables, SearchTables } from './classifier';
import type { PackedRows } from './rows';
import type { DirectDimension, SearchDimension } from './shape';
import type { Sweep } from './sweep';

/** Numbers of so many bits have a cell each. */
export const DIRECT_BITS = 16;

export function directTables({ bits }: Pick<DirectDimension, 'bits'>, sweep: Sweep, rows: PackedRows): DirectTables {
  const cells = new Uint16Array(2 ** bits + 1);
  for (const [interval, start] of sweep.starts.entries()) {
    const end = sweep.starts[interval + 1] ?? cells.length - 1;
    cells.fill(sweep.classOf[interval] as number, Number(start), Number(end));
  }
  return { kind: 'direct', classes: sweep.classes, ...rows, freeBlocks: [], members: undefined, cells };
}

export function searchTables(
  shape: Omit<SearchDimension, 'load' | 'mask'>,
  sweep: Sweep,
  rows: PackedRows,
): SearchTables {
  const length = shape.starts + 2 ** shape.steps;
  const classOf = new Uint16Array(length + 1).fill(sweep.classOf.at(-1) as number, 0, length);
  classOf.set(sweep.classOf);
  return {
    kind: 'search',
    classes: sweep.classes,
    ...rows,
    freeBlocks: [],
    members: undefined,
    intervals: sweep.starts.length,
    starts: startsOf(shape, sweep.starts, length),
    classOf,
    buckets: bucketsOf(shape.bits, shape.bucketBits, sweep.starts),
  };
}

/** Filled up with the greatest number, which is not below any: a search that ends there is in the last interval. */
function startsOf(
  { startBytes, bits }: Pick<SearchDimension, 'startBytes' | 'bits'>,
  starts: Sweep['starts'],
  length: number,
): Uint32Array | BigUint64Array {
  if (startBytes === 4) {
    const array = new Uint32Array(length).fill(0xffffffff);
    array.set(starts as readonly number[]);
    return array;
  }
  const halves = startBytes / 8;
  // Below 64 bits the program goes by the difference's sign.
  const array = new BigUint64Array(length * halves).fill(bits < 64 ? 0x7fffffffffffffffn : 0xffffffffffffffffn);
  for (const [index, start] of starts.entries()) {
    if (halves === 2) array[2 * index] = BigInt(start) >> 64n;
    array[halves * index + halves - 1] = BigInt.asUintN(64, BigInt(start));
  }
  return array;
}

/** For each bucket the interval that its first number lies in. */
function bucketsOf(bits: number, bucketBits: number, starts: Sweep['starts']): Uint32Array {
  const buckets = new Uint32Array(bucketBits === 0 ? 0 : 2 ** bucketBits);
  const width = 2 ** (bits - bucketBits);
  let interval = 0;
  for (let bucket = 0; bucket < buckets.length; bucket++) {
    while (interval + 1 < starts.length && (starts[interval + 1] as number) <= bucket * width) interval++;
    buckets[bucket] = interval;
  }
  return buckets;
}

/** The most starts that lie in one bucket behind its first number. */
export function fullestBucket(bits: number, bucketBits: number, starts: Sweep['starts']): number {
  if (bucketBits === 0) return starts.length - 1;
  const width = 2 ** (bits - bucketBits);
  let most = 0;
  let count = 0;
  let bucket = -1;
  for (const start of starts as readonly number[]) {
    const own = Math.floor(start / width);
    if (own !== bucket) count = 0;
    bucket = own;
    if (start % width !== 0) count++;
    if (count > most) most = count;
  }
  return most;
}
