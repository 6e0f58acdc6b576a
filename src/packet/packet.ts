// A packet as netfilter's prerouting hook has it: what the kernel's receive path has trimmed, with the transport
// header found the way nf_tables finds it (nft_set_pktinfo_ipv4 and _ipv6). Evaluator and tests read packets only
// through this, so that a field has one place.

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
}

/** A stretch of the packet that loads are counted from, `start` inclusive, to `end` exclusive. */
export type Segment = 'network' | 'transport' | 'tcp_payload' | 'udp_payload';

export interface Bounds {
  readonly start: number;
  readonly end: number;
}

const IPPROTO_TCP = 6;
const IPPROTO_UDP = 17;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;

/** undefined when the bytes begin with no whole IPv4 or IPv6 header. */
export function dissect(frame: Uint8Array): Packet | undefined {
  const version = (frame[0] ?? 0) >> 4;
  if (version === 4 && frame.length >= IPV4_HEADER) return dissectIpv4(frame);
  if (version === 6 && frame.length >= IPV6_HEADER) return dissectIpv6(frame);
  return undefined;
}

export function bounds(packet: Packet, segment: Segment): Bounds | undefined {
  const { bytes, l4proto, transport } = packet;
  if (segment === 'network') return { start: 0, end: bytes.length };
  if (transport === undefined) return undefined;
  switch (segment) {
    case 'transport':
      return within(transport, bytes);
    case 'udp_payload':
      return l4proto === IPPROTO_UDP ? within(transport + 8, bytes) : undefined;
    case 'tcp_payload': {
      const offsetByte = bytes[transport + 12];
      if (l4proto !== IPPROTO_TCP || offsetByte === undefined) return undefined;
      const headerLength = (offsetByte >> 4) * 4;
      return headerLength >= 20 ? within(transport + headerLength, bytes) : undefined;
    }
  }
}

function within(start: number, bytes: Uint8Array): Bounds | undefined {
  return start <= bytes.length ? { start, end: bytes.length } : undefined;
}

function dissectIpv4(frame: Uint8Array): Packet {
  const headerLength = ((frame[0] as number) & 0xf) * 4;
  const totalLength = uint16(frame, 2);
  const bytes = totalLength >= headerLength ? frame.subarray(0, totalLength) : frame;
  const laterFragment = (uint16(frame, 6) & 0x1fff) !== 0;
  return { family: 'ip', bytes, l4proto: frame[9] as number, transport: laterFragment ? undefined : headerLength };
}

function dissectIpv6(frame: Uint8Array): Packet {
  const payloadLength = uint16(frame, 4);
  const jumbogram = payloadLength === 0 && frame[6] === NEXTHDR_HOP;
  const bytes = jumbogram ? frame : frame.subarray(0, IPV6_HEADER + payloadLength);
  const found = findUpperLayer(bytes);
  return { family: 'ip6', bytes, l4proto: found?.l4proto, transport: found?.transport };
}

const NEXTHDR_HOP = 0;
const NEXTHDR_ROUTING = 43;
const NEXTHDR_FRAGMENT = 44;
const NEXTHDR_AUTH = 51;
const NEXTHDR_DEST = 60;
const WALKED = new Set([NEXTHDR_HOP, NEXTHDR_ROUTING, NEXTHDR_FRAGMENT, NEXTHDR_DEST]);

/**
 * The upper-layer protocol after the extension headers, as ipv6_find_hdr (net/ipv6/exthdrs_core.c) reports it to
 * nf_tables: an Authentication Header ends the walk and counts as the protocol, a later fragment has a protocol but
 * no transport header, and a header that is cut off leaves nothing at all.
 */
function findUpperLayer(bytes: Uint8Array): { l4proto: number; transport: number | undefined } | undefined {
  let nextHeader = bytes[6] as number;
  let start = IPV6_HEADER;
  let fragmented = false;
  while (WALKED.has(nextHeader)) {
    const following = bytes[start];
    const length = bytes[start + 1];
    if (following === undefined || length === undefined) return undefined;
    if (nextHeader === NEXTHDR_ROUTING && start + 4 > bytes.length) return undefined;
    if (nextHeader === NEXTHDR_FRAGMENT) {
      if (start + 4 > bytes.length) return undefined;
      if ((uint16(bytes, start + 2) & ~7) !== 0) {
        const extension = WALKED.has(following) || following === NEXTHDR_AUTH;
        return extension ? undefined : { l4proto: following, transport: undefined };
      }
      start += 8;
      fragmented = true;
    } else {
      start += (length + 1) * 8;
    }
    nextHeader = following;
  }
  if (nextHeader === NEXTHDR_AUTH && start + 2 > bytes.length) return undefined;
  if (start > 0xffff) return undefined;
  return { l4proto: nextHeader, transport: fragmented && start + 3 > bytes.length ? undefined : start };
}

function uint16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] as number) << 8) | (bytes[offset + 1] as number);
}
