// A set of code points as a regular expression over their UTF-8 bytes: each range is cut where the number of bytes
// changes and where a continuation byte wraps, until every byte of a piece is a plain range.

import type { CharRange, CharSet } from './char-set';
import { choice, type RegexNode, sequence } from './node';

/** The greatest code point of each UTF-8 length. */
const LENGTH_ENDS = [0x7f, 0x7ff, 0xffff, 0x10ffff];
const SURROGATES: CharRange = { from: 0xd800, to: 0xdfff };

export function utf8Set(set: CharSet): RegexNode {
  return choice(set.flatMap(withoutSurrogates).flatMap(ofOneLength).flatMap(byteRanges));
}

function withoutSurrogates({ from, to }: CharRange): CharRange[] {
  const below = { from, to: Math.min(to, SURROGATES.from - 1) };
  const above = { from: Math.max(from, SURROGATES.to + 1), to };
  return [below, above].filter(range => range.from <= range.to);
}

function ofOneLength({ from, to }: CharRange): CharRange[] {
  return LENGTH_ENDS.map((end, index) => ({
    from: Math.max(from, (LENGTH_ENDS[index - 1] ?? -1) + 1),
    to: Math.min(to, end),
  })).filter(range => range.from <= range.to);
}

/** Splits until the low bits are all zero in `from` and all one in `to`, or the high bits are the same. */
function byteRanges({ from, to }: CharRange): RegexNode[] {
  for (const bits of to < 0x80 ? [] : [6, 12, 18]) {
    const low = (1 << bits) - 1;
    if ((from & ~low) === (to & ~low)) break;
    if ((from & low) !== 0)
      return [...byteRanges({ from, to: from | low }), ...byteRanges({ from: (from | low) + 1, to })];
    if ((to & low) !== low)
      return [...byteRanges({ from, to: (to & ~low) - 1 }), ...byteRanges({ from: to & ~low, to })];
  }
  const first = Buffer.from(String.fromCodePoint(from));
  const last = Buffer.from(String.fromCodePoint(to));
  const parts = [...first].map((byte, i): RegexNode => ({ kind: 'bytes', set: [{ from: byte, to: last[i] ?? byte }] }));
  return [sequence(parts)];
}
