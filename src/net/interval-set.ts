// Sets of unsigned integers up to 128 bits as sorted, disjoint, non-adjacent closed ranges. Every comparison of the
// language ends here, so contradiction (empty), tautology (full) and overlap are questions about these lists.

export interface Interval {
  readonly from: bigint;
  /** Inclusive. */
  readonly to: bigint;
}

export type IntervalSet = readonly Interval[];

export const EMPTY: IntervalSet = [];

/** Any ranges in any order, overlapping or touching; a range with from > to holds nothing. */
export function normalize(ranges: readonly Interval[]): IntervalSet {
  const sorted = ranges.filter(range => range.from <= range.to).sort((a, b) => compare(a.from, b.from));
  const merged: { from: bigint; to: bigint }[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to + 1n) {
      if (range.to > last.to) last.to = range.to;
    } else {
      merged.push({ from: range.from, to: range.to });
    }
  }
  return merged;
}

export function of(...values: bigint[]): IntervalSet {
  return normalize(values.map(value => ({ from: value, to: value })));
}

export function between(from: bigint, to: bigint): IntervalSet {
  return from <= to ? [{ from, to }] : EMPTY;
}

/** The greatest unsigned integer of so many bits. */
export function greatest(bits: number): bigint {
  GREATEST[bits] ??= (1n << BigInt(bits)) - 1n;
  return GREATEST[bits];
}

/** By bits, as far as anyone has asked. */
const GREATEST: bigint[] = [];

/** All values of an unsigned integer of so many bits. */
export function universe(bits: number): IntervalSet {
  return [{ from: 0n, to: greatest(bits) }];
}

export function complement(set: IntervalSet, bits: number): IntervalSet {
  const top = greatest(bits);
  const gaps: Interval[] = [];
  let next = 0n;
  for (const { from, to } of set) {
    if (from > next) gaps.push({ from: next, to: from - 1n });
    next = to + 1n;
  }
  if (next <= top) gaps.push({ from: next, to: top });
  return gaps;
}

export function intersect(a: IntervalSet, b: IntervalSet): IntervalSet {
  const common: Interval[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i] as Interval;
    const right = b[j] as Interval;
    const from = left.from > right.from ? left.from : right.from;
    const to = left.to < right.to ? left.to : right.to;
    if (from <= to) common.push({ from, to });
    if (left.to < right.to) i++;
    else j++;
  }
  return common;
}

export function union(a: IntervalSet, b: IntervalSet): IntervalSet {
  return normalize([...a, ...b]);
}

/** Binary search. */
export function contains(set: IntervalSet, value: bigint): boolean {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((set[middle] as Interval).to < value) low = middle + 1;
    else high = middle;
  }
  return low < set.length && (set[low] as Interval).from <= value;
}

export function isUniverse(set: IntervalSet, bits: number): boolean {
  const only = set[0];
  return set.length === 1 && only?.from === 0n && only.to === greatest(bits);
}

/** In one walk through both. */
export function isSubset(part: IntervalSet, whole: IntervalSet): boolean {
  let at = 0;
  return part.every(({ from, to }) => {
    while (at < whole.length && (whole[at] as Interval).to < to) at++;
    const holding = whole[at];
    return holding !== undefined && holding.from <= from;
  });
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
