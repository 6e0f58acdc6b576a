// Of several values one that stands for them, and how far they lie apart.

import { invariant } from '../src/diagnostic/invariant';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  invariant(upper !== undefined, 'a median is of at least one value');
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] as number)) / 2 : upper;
}
