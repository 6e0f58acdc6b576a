// A packet as netfilter's prerouting hook has it: what the kernel's receive path has trimmed, with the transport
// header found the way nf_tables finds it (nft_set_pktinfo_ipv4 and _ipv6). Evaluator and tests read packets only
// through this, so that a field has one place.

import { uint16 } from '../net/big-endian';
import { findFragmentHeader, findUpperLayer, NEXTHDR_HOP } from './extension-header';
import { IPPROTO_TCP, IPPROTO_UDP, IPV4_HEADER, IPV6_HEADER, TCP_HEADER, UDP_HEADER } from './header';
import { findMaximumSegmentSize } from './tcp-option';

export type PacketFamily = 'ip' | 'ip6';

export interface Packet {
  readonly family: PacketFamily;
  /** From the network header to the end that the header itself states; link padding is cut off as ip_rcv does. */
  readonly bytes: Uint8Array;
  /** undefined where IPv6 extension headers cannot be walked to their end; then there is no transport header either. */
  readonly l4proto: number | undefined;
  /**
   * Offset of the transport header. It may lie beyond the end of a short packet. undefined in later fragments, and in
   * IPv6 fragments of less than three bytes of it: a first fragment has to hold the whole header (RFC 7112), and
   * nf_tables can tell the two apart only by a load of three bytes.
   */
  readonly transport: number | undefined;
  /** Offset of the first IPv6 Fragment header, four bytes of which at the least are there. */
  readonly fragmentHeader: number | undefined;
  /** Name of the interface that it came in by: 1 to 15 bytes, none of them NUL. undefined where nobody knows. */
  readonly inIface: Uint8Array | undefined;
}

/** A stretch of the packet that loads are counted from, `start` inclusive, to `end` exclusive. */
export type Segment =
  | 'network'
  | 'transport'
  | 'tcp_payload'
  /** The two value bytes of the first Maximum Segment Size option. */
  | 'tcp_mss'
  | 'udp_payload'
  /** From the first IPv6 Fragment header (RFC 8200 section 4.5). */
  | 'fragment_header';

export interface Bounds {
  readonly start: number;
  readonly end: number;
}

/** undefined when the bytes begin with no whole IPv4 or IPv6 header. */
export function dissect(frame: Uint8Array, inIface?: Uint8Array): Packet | undefined {
  const version = (frame[0] ?? 0) >> 4;
  if (version === 4 && frame.length >= IPV4_HEADER) return { ...dissectIpv4(frame), inIface };
  if (version === 6 && frame.length >= IPV6_HEADER) return { ...dissectIpv6(frame), inIface };
  return undefined;
}

export function bounds(packet: Packet, segment: Segment): Bounds | undefined {
  const { bytes, l4proto, transport, fragmentHeader } = packet;
  if (segment === 'network') return { start: 0, end: bytes.length };
  if (segment === 'fragment_header') return fragmentHeader === undefined ? undefined : within(fragmentHeader, bytes);
  if (transport === undefined) return undefined;
  switch (segment) {
    case 'transport':
      return within(transport, bytes);
    case 'udp_payload':
      return l4proto === IPPROTO_UDP ? within(transport + UDP_HEADER, bytes) : undefined;
    case 'tcp_payload':
      return tcpPayload(packet, transport);
    case 'tcp_mss': {
      const payload = tcpPayload(packet, transport);
      if (payload === undefined) return undefined;
      const value = findMaximumSegmentSize(bytes.subarray(transport + TCP_HEADER, payload.start));
      if (value === undefined) return undefined;
      const start = transport + TCP_HEADER + value;
      return { start, end: start + 2 };
    }
  }
}

/** undefined where the header, its options included, is not all there. */
function tcpPayload({ bytes, l4proto }: Packet, transport: number): Bounds | undefined {
  const offsetByte = bytes[transport + 12];
  if (l4proto !== IPPROTO_TCP || offsetByte === undefined) return undefined;
  const headerLength = (offsetByte >> 4) * 4;
  return headerLength >= TCP_HEADER ? within(transport + headerLength, bytes) : undefined;
}

function within(start: number, bytes: Uint8Array): Bounds | undefined {
  return start <= bytes.length ? { start, end: bytes.length } : undefined;
}

type Dissected = Omit<Packet, 'inIface'>;

function dissectIpv4(frame: Uint8Array): Dissected {
  const headerLength = ((frame[0] as number) & 0xf) * 4;
  const totalLength = uint16(frame, 2);
  const bytes = totalLength >= headerLength ? frame.subarray(0, totalLength) : frame;
  const laterFragment = (uint16(frame, 6) & 0x1fff) !== 0;
  const transport = laterFragment ? undefined : headerLength;
  return { family: 'ip', bytes, l4proto: frame[9] as number, transport, fragmentHeader: undefined };
}

function dissectIpv6(frame: Uint8Array): Dissected {
  const payloadLength = uint16(frame, 4);
  const jumbogram = payloadLength === 0 && frame[6] === NEXTHDR_HOP;
  const bytes = jumbogram ? frame : frame.subarray(0, IPV6_HEADER + payloadLength);
  const found = findUpperLayer(bytes);
  return {
    family: 'ip6',
    bytes,
    l4proto: found?.l4proto,
    transport: found?.transport,
    fragmentHeader: findFragmentHeader(bytes),
  };
}
