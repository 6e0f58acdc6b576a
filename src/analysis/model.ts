// Packets of one family, in the variables of variable.ts. The model may hold packets that do not exist: what holds of none
// of its packets holds of none at all. It never lacks a packet that the hook can see. What the kernel discards before its
// hooks (a header length below 20, a total length that is not there) is no packet here, nor are IPv4 packets above 64 KiB,
// which it puts together only where gro_ipv4_max_size was raised.

import type { IntervalSet } from '../net/interval-set';
import type { PacketFamily } from '../packet/packet';
import type { Diagrams, Edge } from './bdd';
import { type Bits, constant, sum, within } from './binary';
import {
  type ByteRegion,
  byteBits,
  type FactName,
  LENGTH_BITS,
  type LengthName,
  l4protoBits,
  lengthBits,
  levelOf,
  type Variable,
} from './variable';

/** Bytes of the packet as one number: where the condition holds they are there, and these are their bits. */
export interface Reading {
  readonly present: Edge;
  readonly bits: Bits;
}

/** The variables of one family in one set of diagrams. */
export interface Space {
  readonly family: PacketFamily;
  readonly diagrams: Diagrams;
}

export interface PacketModel extends Space {
  /** True of every packet. */
  readonly world: Edge;
  readonly l4protoFound: Edge;
  /** There is a transport header, be it an empty one. */
  readonly transportFound: Edge;
  readonly fragmentHeaderFound: Edge;
  /** Bytes of the packet that the length `behind_header` does not count. */
  readonly uncounted: number;
  /** Bytes offset..offset+length of the packet, by where they lie. Where no reading is present it has none. */
  readonly networkReadings: (offset: number, length: number) => readonly Reading[];
}

export function variableOf({ family, diagrams }: Space, variable: Variable): Edge {
  return diagrams.variable(levelOf(variable, family));
}

/** The bits of consecutive bytes. */
export function bytesOf(space: Space, region: ByteRegion, first: number, length: number): Edge[] {
  return Array.from({ length: length * 8 }, (_, index) =>
    variableOf(space, { kind: 'byte', region, byte: first + (index >> 3), bit: index % 8 }),
  );
}

export function l4protoOf(space: Space): Edge[] {
  const bits = space.family === 'ip' ? byteBits('network', 9) : l4protoBits();
  return bits.map(bit => variableOf(space, bit));
}

export function lengthOf(space: Space, name: LengthName): Edge[] {
  return lengthBits(name).map(bit => variableOf(space, bit));
}

export function factOf(space: Space, name: FactName): Edge {
  return variableOf(space, { kind: 'fact', name });
}

/** The number is one of these. */
export function isOneOf(space: Space, bits: Bits, ...numbers: readonly number[]): Edge {
  return space.diagrams.some(numbers.map(number => is(space, bits, number)));
}

export function is({ diagrams }: Space, bits: Bits, number: number): Edge {
  return within(diagrams, bits, [{ from: BigInt(number), to: BigInt(number) }]);
}

/** The length is at least `skipped`, and what it has above is in the set. */
export function lengthWithin(
  space: Space,
  name: LengthName,
  {
    skipped,
    values,
    mask,
  }: { readonly skipped: number; readonly values: IntervalSet; readonly mask?: bigint | undefined },
): Edge {
  const d = space.diagrams;
  const length = lengthOf(space, name);
  if (mask === undefined) return within(d, length, shifted(values, skipped));
  const rest = sum(d, length, constant(BigInt.asUintN(LENGTH_BITS, BigInt(-skipped)), LENGTH_BITS));
  return d.and(isAtLeast(space, name, skipped), within(d, rest, values, mask));
}

export function isAtLeast(space: Space, name: LengthName, bytes: number): Edge {
  return lengthWithin(space, name, { skipped: bytes, values: ANY_LENGTH });
}

export const ANY_LENGTH: IntervalSet = [{ from: 0n, to: (1n << BigInt(LENGTH_BITS)) - 1n }];

/** The values that are so much larger, cut off below zero. */
export function shifted(values: IntervalSet, by: number): IntervalSet {
  const moved = values.map(({ from, to }) => ({ from: from + BigInt(by), to: to + BigInt(by) }));
  return moved.filter(({ to }) => to >= 0n).map(({ from, to }) => ({ from: from < 0n ? 0n : from, to }));
}
