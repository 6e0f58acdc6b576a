// Packets made to order, with right lengths and checksums: what the demonstration sends and the tests judge. The kernel
// discards a wrong IPv4 header checksum before any hook sees the packet.

import { invariant } from '../diagnostic/invariant';
import { parseAddress } from '../net/address';
import { bigEndianBytes } from '../net/big-endian';

export interface IpHeader {
  readonly source: string;
  readonly destination: string;
  /** Also IPv6's hop limit. */
  readonly ttl?: number;
  /** IPv4's type of service, IPv6's traffic class: six bits DSCP, two bits ECN. */
  readonly trafficClass?: number;
  /** IPv4: the flags in the upper three bits, then the offset in units of 8 bytes. With an offset it is a later fragment. */
  readonly fragmentOffset?: number;
  /** IPv4: a multiple of 4 bytes, at most 40. */
  readonly options?: Uint8Array;
  /** IPv6. */
  readonly flowLabel?: number;
}

export interface Transport {
  readonly protocol: number;
  /** Header and payload; the checksum field is filled in where there is one. */
  readonly bytes: Uint8Array;
  /** Where the checksum stands, in bytes. */
  readonly checksum?: { readonly at: number; readonly pseudoHeader: boolean };
}

/** Bits of the TCP flags byte. */
export const TCP_FLAG = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10, urg: 0x20, ece: 0x40, cwr: 0x80 };

export function udp(sourcePort: number, destinationPort: number, payload: string | Uint8Array = ''): Transport {
  const body = Buffer.from(payload);
  const header = Buffer.alloc(8);
  header.writeUInt16BE(sourcePort, 0);
  header.writeUInt16BE(destinationPort, 2);
  header.writeUInt16BE(8 + body.length, 4);
  return { protocol: 17, bytes: Buffer.concat([header, body]), checksum: { at: 6, pseudoHeader: true } };
}

export function tcp(
  sourcePort: number,
  destinationPort: number,
  flags: number,
  payload: string | Uint8Array = '',
): Transport {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(sourcePort, 0);
  header.writeUInt16BE(destinationPort, 2);
  header.writeUInt32BE(1, 4);
  header[12] = 5 << 4;
  header[13] = flags;
  header.writeUInt16BE(65535, 14);
  return {
    protocol: 6,
    bytes: Buffer.concat([header, Buffer.from(payload)]),
    checksum: { at: 16, pseudoHeader: true },
  };
}

export function icmp(type: number, code: number): Transport {
  return { protocol: 1, bytes: Buffer.from([type, code, 0, 0, 0, 1, 0, 1]), checksum: { at: 2, pseudoHeader: false } };
}

export function icmpv6(type: number, code: number): Transport {
  return { protocol: 58, bytes: Buffer.from([type, code, 0, 0, 0, 1, 0, 1]), checksum: { at: 2, pseudoHeader: true } };
}

/** The family is that of the addresses. */
export function ipPacket(header: IpHeader, transport: Transport): Uint8Array {
  const source = addressBytes(header.source);
  const destination = addressBytes(header.destination);
  const bytes = withChecksum(transport, source, destination);
  return source.length === 4
    ? ipv4Packet(header, transport.protocol, source, destination, bytes)
    : ipv6Packet(header, transport.protocol, source, destination, bytes);
}

function ipv4Packet(
  { ttl = 64, trafficClass = 0, fragmentOffset = 0, options = new Uint8Array(0) }: IpHeader,
  protocol: number,
  source: Uint8Array,
  destination: Uint8Array,
  payload: Uint8Array,
): Uint8Array {
  const header = Buffer.alloc(20 + options.length);
  header[0] = 0x40 + header.length / 4;
  header[1] = trafficClass;
  header.writeUInt16BE(header.length + payload.length, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(fragmentOffset, 6);
  header[8] = ttl;
  header[9] = protocol;
  header.set(source, 12);
  header.set(destination, 16);
  header.set(options, 20);
  header.writeUInt16BE(internetChecksum(header), 10);
  return Buffer.concat([header, payload]);
}

function ipv6Packet(
  { ttl = 64, trafficClass = 0, flowLabel = 0 }: IpHeader,
  protocol: number,
  source: Uint8Array,
  destination: Uint8Array,
  payload: Uint8Array,
): Uint8Array {
  const header = Buffer.alloc(40);
  header.writeUInt32BE(6 * 2 ** 28 + trafficClass * 2 ** 20 + flowLabel, 0);
  header.writeUInt16BE(payload.length, 4);
  header[6] = protocol;
  header[7] = ttl;
  header.set(source, 8);
  header.set(destination, 24);
  return Buffer.concat([header, payload]);
}

function withChecksum(
  { protocol, bytes, checksum }: Transport,
  source: Uint8Array,
  destination: Uint8Array,
): Uint8Array {
  if (checksum === undefined) return bytes;
  const filled = Buffer.from(bytes);
  const pseudo = Buffer.concat([
    source,
    destination,
    bigEndianBytes(BigInt(bytes.length), 4),
    Buffer.from([0, 0, 0, protocol]),
  ]);
  const sum = internetChecksum(checksum.pseudoHeader ? Buffer.concat([pseudo, filled]) : filled);
  // RFC 768: an all-zero UDP checksum means that there is none.
  filled.writeUInt16BE(sum === 0 && protocol === 17 ? 0xffff : sum, checksum.at);
  return filled;
}

/** RFC 1071. */
export function internetChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function addressBytes(text: string): Uint8Array {
  const address = parseAddress(text);
  invariant(address !== undefined, `${text} is an address`);
  return bigEndianBytes(address.value, address.family === 4 ? 4 : 16);
}
