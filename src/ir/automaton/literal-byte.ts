// One byte of a literal as bits: some may be left open, as one is by letters of either case.

import { type CharSet, GREATEST_BYTE } from '../../language/regex/char-set';

/** The bytes that are `value` in the bits of `mask`. */
export interface LiteralByte {
  readonly value: number;
  readonly mask: number;
}

/** The bits in which all bytes of the set agree. */
export function literalByte(set: CharSet): LiteralByte {
  const bytes = set.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
  const mask = bytes.reduce((agreed, byte) => agreed & ~(byte ^ (bytes[0] ?? 0)), GREATEST_BYTE);
  return { value: (bytes[0] ?? 0) & mask, mask };
}

/** Has the set every byte that agrees in them? */
export function isExact({ mask }: LiteralByte, set: CharSet): boolean {
  const count = set.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  return count === 1 << openBits(mask);
}

function openBits(mask: number): number {
  return (mask ^ GREATEST_BYTE).toString(2).replaceAll('0', '').length;
}
