// The bits that say everything about a packet that formulas ask, each with its level in the diagrams. Addresses and
// ports are decided first; what ties a packet together (protocol, fragment offset, lengths) comes last, so that all rules
// share those ends of their diagrams.

import { invariant } from '../diagnostic/invariant';
import type { PacketFamily } from '../packet/packet';

/** `end` counts back from the packet's end: its byte 1 is the last one, whatever segment asks for it. */
export type ByteRegion = 'network' | 'transport' | 'tcp_mss' | 'fragment_header' | 'in_iface' | 'end';

/**
 * Numbers of 32 bits. `behind_header` is the packet's length, in IPv6 without the fixed header; the others are what of it
 * lies behind the start of the transport header or of the first Fragment header.
 */
export type LengthName = 'behind_header' | 'transport' | 'fragment_header';

/** Of IPv6 alone are those about headers: a chain of extension headers may end nowhere. */
export type FactName =
  | 'l4proto_found'
  | 'transport_found'
  | 'fragment_header_found'
  | 'tcp_mss_found'
  | 'in_iface_found';

/** Bits count from the most significant one, 0. */
export interface ByteVariable {
  readonly kind: 'byte';
  readonly region: ByteRegion;
  readonly byte: number;
  readonly bit: number;
}

export type Variable =
  | ByteVariable
  | { readonly kind: 'l4proto'; readonly bit: number }
  | { readonly kind: 'length'; readonly name: LengthName; readonly bit: number }
  | { readonly kind: 'fact'; readonly name: FactName }
  /** What the automaton, or a test that has no other form, says: its number in the model. */
  | { readonly kind: 'opaque'; readonly index: number };

export const LENGTH_BITS = 32;

/** More than the bits of the longest packet. */
const REGION = 1 << 20;
const REGIONS: readonly ByteRegion[] = ['in_iface', 'network', 'fragment_header', 'transport', 'tcp_mss', 'end'];
const OPAQUE = REGIONS.length * REGION;
const STRUCTURE = OPAQUE + REGION;

export function levelOf(variable: Variable, family: PacketFamily): number {
  if (variable.kind === 'opaque') return OPAQUE + variable.index;
  if (variable.kind === 'byte' && variable.byte >= STRUCTURAL_BYTES) return byteLevel(variable);
  const place = STRUCTURAL[family].places.get(keyOf(variable));
  if (place !== undefined) return STRUCTURE + place;
  invariant(variable.kind === 'byte', `${keyOf(variable)} is no variable of ${family}`);
  return byteLevel(variable);
}

function byteLevel({ region, byte, bit }: ByteVariable): number {
  return REGIONS.indexOf(region) * REGION + byte * 8 + bit;
}

export function variableAt(level: number, family: PacketFamily): Variable {
  if (level >= STRUCTURE) return STRUCTURAL[family].variables[level - STRUCTURE] as Variable;
  if (level >= OPAQUE) return { kind: 'opaque', index: level - OPAQUE };
  const place = level % REGION;
  const region = REGIONS[Math.floor(level / REGION)] as ByteRegion;
  return { kind: 'byte', region, byte: Math.floor(place / 8), bit: place % 8 };
}

/** Beyond them no byte of a header is structural. */
const STRUCTURAL_BYTES = 10;

interface Structural {
  readonly variables: readonly Variable[];
  readonly places: ReadonlyMap<string, number>;
}

const STRUCTURAL: Readonly<Record<PacketFamily, Structural>> = {
  ip: structural([
    { kind: 'fact', name: 'in_iface_found' },
    { kind: 'fact', name: 'tcp_mss_found' },
    ...byteBits('network', 9),
    ...byteBits('network', 6).slice(3),
    ...byteBits('network', 7),
    // The header's length in 32-bit words.
    ...byteBits('network', 0).slice(4),
    ...interleaved([
      lengthBits('behind_header'),
      lengthBits('transport'),
      [...byteBits('network', 2), ...byteBits('network', 3)],
    ]),
  ]),
  ip6: structural([
    { kind: 'fact', name: 'in_iface_found' },
    { kind: 'fact', name: 'tcp_mss_found' },
    ...interleaved([l4protoBits(), byteBits('network', 6), byteBits('fragment_header', 0)]),
    { kind: 'fact', name: 'l4proto_found' },
    { kind: 'fact', name: 'transport_found' },
    { kind: 'fact', name: 'fragment_header_found' },
    ...byteBits('fragment_header', 2),
    ...byteBits('fragment_header', 3),
    ...interleaved([
      lengthBits('behind_header'),
      lengthBits('transport'),
      lengthBits('fragment_header'),
      [...byteBits('network', 4), ...byteBits('network', 5)],
    ]),
  ]),
};

function structural(variables: readonly Variable[]): Structural {
  return { variables, places: new Map(variables.map((variable, place) => [keyOf(variable), place])) };
}

export function byteBits(region: ByteRegion, byte: number): Variable[] {
  return Array.from({ length: 8 }, (_, bit) => ({ kind: 'byte', region, byte, bit }));
}

/** Of IPv6: in IPv4 it is a byte of the header. */
export function l4protoBits(): Variable[] {
  return Array.from({ length: 8 }, (_, bit) => ({ kind: 'l4proto', bit }));
}

export function lengthBits(name: LengthName): Variable[] {
  return Array.from({ length: LENGTH_BITS }, (_, bit) => ({ kind: 'length', name, bit }));
}

/** Numbers that are compared with each other lie bit beside bit, or their comparison would be exponential. */
function interleaved(numbers: readonly (readonly Variable[])[]): Variable[] {
  const width = Math.max(...numbers.map(bits => bits.length));
  const bitsAt = (place: number) => numbers.flatMap(bits => bits.slice(place - width, place - width + 1 || undefined));
  return Array.from({ length: width }, (_, place) => bitsAt(place)).flat();
}

function keyOf(variable: Variable): string {
  return Object.values(variable).join(' ');
}
