// What a field of the packet scheme says beyond its type: what it means, when it is absent, and where its value lies.
// The checker, the documentation, the evaluator and both backends read these rows; none keeps a list of its own.

import type { PacketFamily, Segment } from '../../packet/packet';
import type { Field } from '../scheme';
import type { ExternalData } from './external-data';

export interface PacketField extends Field {
  readonly meaning: string;
  /** When there is no value; undefined for a field that every packet has. */
  readonly absent: string | undefined;
  /** What to write instead, where the field should not be used any more. */
  readonly deprecated?: string;
  readonly source: Source;
}

export type Source =
  /** An unsigned integer or an address in a header. A family without a place never has the field. */
  | {
      readonly kind: 'header';
      /** The upper-layer protocol number that must be there, for transport headers. */
      readonly protocol?: number;
      readonly ip?: Place;
      readonly ip6?: Place;
    }
  /** The name of the upper-layer protocol. */
  | { readonly kind: 'protocol_name' }
  /** The number of the upper-layer protocol. */
  | { readonly kind: 'protocol_number' }
  /** Bytes from the start of a segment to the end of the packet. */
  | { readonly kind: 'segment'; readonly segment: Segment; readonly protocol?: number }
  /** How many bytes a segment has. */
  | { readonly kind: 'length'; readonly segment: Segment }
  /** The name of the interface that the packet came in by. */
  | { readonly kind: 'in_iface' }
  /** What no packet holds. */
  | { readonly kind: 'external'; readonly data: ExternalData }
  /** One value in all packets of a family. */
  | { readonly kind: 'constant'; readonly value: Readonly<Record<PacketFamily, boolean | bigint>> };

export interface Place {
  readonly segment: 'network' | 'transport' | 'fragment_header' | 'tcp_mss';
  /** Bytes from the start of the segment. */
  readonly offset: number;
  /** Bytes, at most 16. */
  readonly length: number;
  /** The bits that count, in the big-endian reading; the value is taken as shifted down to the lowest of them. */
  readonly mask?: bigint;
  /** The value is what stands in the header plus this. */
  readonly plus?: bigint;
  /** The value is only there where the number at another place is at least so much. */
  readonly where?: { readonly place: Place; readonly atLeast: bigint };
}

export function networkPlace(offset: number, length: number, mask?: bigint): Place {
  return { segment: 'network', offset, length, ...(mask !== undefined && { mask }) };
}

/** The same place in both families' transport header. */
export function transportField(protocol: number, place: Omit<Place, 'segment'>): Source {
  const both: Place = { segment: 'transport', ...place };
  return { kind: 'header', protocol, ip: both, ip6: both };
}
