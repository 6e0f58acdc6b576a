// Comparisons of byte strings: payloads and raw headers. Equality, prefixes and suffixes are interval tests on pieces
// of up to 16 bytes (one kernel register); only what an automaton reads is a test of its own kind.

import { bigEndian } from '../net/big-endian';
import { between, type IntervalSet, of, universe } from '../net/interval-set';
import { IPPROTO_UDP, UDP_HEADER } from '../packet/header';
import type { Segment } from '../packet/packet';
import type { Dfa } from './automaton/dfa';
import { orderDfa } from './automaton/order';
import type { PositiveOrdering } from './condition';
import { and, FALSE, type Formula, L4PROTO, type Load, not, or, type Test, test } from './formula';

/** The largest piece that one test compares: an nf_tables register (NFT_REG_SIZE). */
export const PIECE = 16;

export interface PacketBytes {
  readonly guards: readonly Test[];
  readonly segment: Segment;
}

export function lengthOf(bytes: PacketBytes): Load {
  return { kind: 'length', segment: bytes.segment };
}

export function startsWith(bytes: PacketBytes, prefix: Uint8Array): Formula {
  return and([...bytes.guards, ...piecesFromStart(bytes.segment, prefix)]);
}

export function endsWith({ guards, segment }: PacketBytes, suffix: Uint8Array): Formula {
  if (suffix.length === 0) return and([...guards, ...present(segment)]);
  return and([
    ...guards,
    ...pieces(suffix).map(({ at, piece }) =>
      test(
        { kind: 'bytes', segment, from: 'end', offset: suffix.length - at, length: piece.length },
        of(bigEndian(piece)),
      ),
    ),
  ]);
}

export function equals(bytes: PacketBytes, value: Uint8Array): Formula {
  return and([startsWith(bytes, value), lengthIn(bytes, of(BigInt(value.length)))]);
}

/** Values of one length are asked for together: up to 16 bytes they are one test. */
export function equalsOneOf(bytes: PacketBytes, values: readonly Uint8Array[]): Formula {
  const lengths = [...new Set(values.map(({ length }) => length))];
  return or(
    lengths.map(length => {
      const alike = values.filter(value => value.length === length);
      return and([or(alike.map(value => startsWith(bytes, value))), lengthIn(bytes, of(BigInt(length)))]);
    }),
  );
}

/** `length` bytes at `offset`. UDP's payload begins at a fixed place of its header, where nftables can look too. */
export function windowOf(bytes: PacketBytes, offset: number, length: number): { guards: readonly Test[]; load: Load } {
  const fixed = bytes.segment === 'udp_payload';
  return {
    guards: fixed ? [...bytes.guards, isUdp()] : bytes.guards,
    load: {
      kind: 'bytes',
      segment: fixed ? 'transport' : bytes.segment,
      from: 'start',
      offset: fixed ? offset + UDP_HEADER : offset,
      length,
    },
  };
}

/**
 * Unsigned lexicographic order. `v < literal` is decided by an earlier end or a smaller piece, or for more than a piece by
 * an automaton. The other three operators follow from this one and equality.
 */
export function lowerByteOrder(
  bytes: PacketBytes,
  operator: Exclude<PositiveOrdering, 'eq'>,
  literal: Uint8Array,
): Formula {
  const less = and([...bytes.guards, precedes(bytes, literal)]);
  const exists = startsWith(bytes, new Uint8Array(0));
  switch (operator) {
    case 'lt':
      return less;
    case 'le':
      return or([less, equals(bytes, literal)]);
    case 'gt':
      return and([exists, not(less), not(equals(bytes, literal))]);
    case 'ge':
      return and([exists, not(less)]);
  }
}

function precedes(bytes: PacketBytes, literal: Uint8Array): Formula {
  if (literal.length > PIECE) return scanForOrder(bytes.segment, literal);
  const value = bigEndian(literal);
  const load: Load = { kind: 'bytes', segment: bytes.segment, from: 'start', offset: 0, length: literal.length };
  const endsEarlier = Array.from(literal, (_, kept) =>
    and([
      lengthIn(bytes, of(BigInt(kept))),
      kept === 0 ? startsWith(bytes, new Uint8Array(0)) : shorterNotAbove(bytes.segment, literal.subarray(0, kept)),
    ]),
  );
  return or([...endsEarlier, value === 0n ? FALSE : test(load, between(0n, value - 1n))]);
}

/** Both families run the same one. */
const AUTOMATA = new WeakMap<Uint8Array, Dfa>();

function scanForOrder(segment: Segment, literal: Uint8Array): Formula {
  const automaton = AUTOMATA.get(literal) ?? orderDfa(literal);
  AUTOMATA.set(literal, automaton);
  const description = `< 0x${Buffer.from(literal).toString('hex')}`;
  return { kind: 'scan', segment, automaton, pattern: undefined, description };
}

function shorterNotAbove(segment: Segment, piece: Uint8Array): Formula {
  return test(
    { kind: 'bytes', segment, from: 'start', offset: 0, length: piece.length },
    between(0n, bigEndian(piece)),
  );
}

function lengthIn(bytes: PacketBytes, values: IntervalSet): Formula {
  return and([...bytes.guards, test(lengthOf(bytes), values)]);
}

function piecesFromStart(segment: Segment, value: Uint8Array): Test[] {
  if (value.length === 0) return present(segment);
  return pieces(value).flatMap(({ at, piece }) => {
    const { guards, load } = windowOf({ guards: [], segment }, at, piece.length);
    return [...guards, test(load, of(bigEndian(piece)))];
  });
}

/** Is the segment there, be it empty? */
function present(segment: Segment): Test[] {
  if (segment === 'udp_payload') {
    const last: Load = { kind: 'bytes', segment: 'transport', from: 'start', offset: UDP_HEADER - 1, length: 1 };
    return [isUdp(), test(last, universe(8))];
  }
  return [test({ kind: 'bytes', segment, from: 'start', offset: 0, length: 0 }, universe(0))];
}

function isUdp(): Test {
  return test(L4PROTO, of(BigInt(IPPROTO_UDP)));
}

function pieces(value: Uint8Array): { at: number; piece: Uint8Array }[] {
  const count = Math.ceil(value.length / PIECE);
  return Array.from({ length: count }, (_, i) => ({
    at: i * PIECE,
    piece: value.subarray(i * PIECE, (i + 1) * PIECE),
  }));
}
