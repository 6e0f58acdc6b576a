// Conditions on how a byte string begins and ends, by bytes of which some bits may be open, as interval tests on pieces.

import { bigEndian } from '../net/big-endian';
import { between, of } from '../net/interval-set';
import type { AnchoredLiterals } from './automaton/anchored-literals';
import type { LiteralByte } from './automaton/literal-byte';
import { lengthOf, type PacketBytes, PIECE, startsWith, windowOf } from './bytes';
import { and, type Formula, type Load, or, type Test, test } from './formula';

const GREATEST_LENGTH = 0xffff_ffffn;
const NOTHING = new Uint8Array(0);

export function lowerAnchored(bytes: PacketBytes, alternatives: readonly AnchoredLiterals[]): Formula {
  return or(alternatives.map(each => lowerAlternative(bytes, each)));
}

function lowerAlternative(bytes: PacketBytes, { start, end, whole }: AnchoredLiterals): Formula {
  const least = BigInt(start.length + end.length);
  if (least === 0n && !whole) return startsWith(bytes, NOTHING);
  // Either literal's bytes show that the text is as long as it; both of them have to fit in.
  const lengths = whole ? of(least) : start.length > 0 && end.length > 0 ? between(least, GREATEST_LENGTH) : undefined;
  return and([
    ...bytes.guards,
    ...piecesOf(start).flatMap(({ at, piece }) => {
      const { guards, load } = windowOf({ ...bytes, guards: [] }, at, piece.length);
      return [...guards, literalTest(load, piece)];
    }),
    ...piecesOf(end).map(({ at, piece }) => literalTest(fromEnd(bytes, end.length - at, piece.length), piece)),
    ...(lengths === undefined ? [] : [test(lengthOf(bytes), lengths)]),
  ]);
}

function fromEnd({ segment }: PacketBytes, offset: number, length: number): Load {
  return { kind: 'bytes', segment, from: 'end', offset, length };
}

function literalTest(load: Load, piece: readonly LiteralByte[]): Test {
  const value = bigEndian(Uint8Array.from(piece, each => each.value));
  const open = piece.some(({ mask }) => mask !== 0xff);
  return test(load, of(value), open ? bigEndian(Uint8Array.from(piece, each => each.mask)) : undefined);
}

function piecesOf(literal: readonly LiteralByte[]): { readonly at: number; readonly piece: readonly LiteralByte[] }[] {
  const count = Math.ceil(literal.length / PIECE);
  return Array.from({ length: count }, (_, i) => ({
    at: i * PIECE,
    piece: literal.slice(i * PIECE, (i + 1) * PIECE),
  }));
}
