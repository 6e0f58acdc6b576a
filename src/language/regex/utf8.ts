// A set of code points as a regular expression over their UTF-8 bytes: each range is cut where the number of bytes
// changes and where a continuation byte wraps, until every byte of a piece is a plain range.

import { type CharRange, type CharSet, charSet } from './char-set';
import { choice, type RegexNode, sequence } from './node';

/** The greatest code point of each UTF-8 length. */
const LENGTH_ENDS = [0x7f, 0x7ff, 0xffff, 0x10ffff];
const SURROGATES: CharRange = { from: 0xd800, to: 0xdfff };

export function utf8Set(set: CharSet): RegexNode {
  return factor(set.flatMap(withoutSurrogates).flatMap(ofOneLength).flatMap(byteRanges));
}

/** One range for each byte of a character. */
type ByteRanges = readonly CharRange[];

/** What begins alike becomes one branch, and last bytes one set: \p{L} has 650 ranges and a tenth of the branches. */
function factor(sequences: readonly ByteRanges[]): RegexNode {
  const groups = new Map<string, { readonly first: CharRange; readonly rests: ByteRanges[] }>();
  for (const [first, ...rest] of sequences) {
    if (first === undefined) continue;
    const key = rest.length === 0 ? 'last' : `${first.from}-${first.to}`;
    const group = groups.get(key) ?? { first, rests: [] };
    group.rests.push(rest.length === 0 ? [first] : rest);
    groups.set(key, group);
  }
  return choice(
    [...groups].map(([key, { first, rests }]) => {
      if (key === 'last') return { kind: 'bytes', set: charSet(rests.flat()) };
      return sequence([{ kind: 'bytes', set: [first] }, factor(rests)]);
    }),
  );
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
function byteRanges({ from, to }: CharRange): ByteRanges[] {
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
  return [[...first].map((byte, i) => ({ from: byte, to: last[i] ?? byte }))];
}
