// The elements of an interval set over one field: a start, and an end that is the first key after the interval, marked
// interval_end. An interval that reaches the highest key has no end. (Concatenations use key and keyEnd instead.)

import type { Data } from './data';
import type { SetElement } from './element';

export interface IntervalEntry {
  readonly from: Uint8Array;
  /** Inclusive; as long as `from`. */
  readonly to: Uint8Array;
  /** Maps only. */
  readonly data?: Data;
}

/** `intervals` are sorted and disjoint: the kernel refuses overlaps (EEXIST), some of them silently. */
export function intervalElements(intervals: readonly IntervalEntry[]): readonly SetElement[] {
  return intervals.flatMap(({ from, to, data }): SetElement[] => {
    const start = data === undefined ? { key: from } : { key: from, data };
    const after = successor(to);
    return after === undefined ? [start] : [start, { key: after, flags: ['interval_end'] }];
  });
}

/** The next number as big-endian bytes; undefined after the highest. */
function successor(bytes: Uint8Array): Uint8Array | undefined {
  const next = Uint8Array.from(bytes);
  for (let i = next.length - 1; i >= 0; i--) {
    const byte = next[i] ?? 0;
    next[i] = byte + 1;
    if (byte !== 0xff) return next;
  }
  return undefined;
}
