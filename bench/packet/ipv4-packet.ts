// Many IPv4 packets of one length in one buffer, as the meter reads them from a file.

import { internetChecksum } from '../../src/packet/build';

export interface Ipv4Packet {
  /** Addresses as numbers in host order. */
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  /** TCP and UDP. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** TCP: the flags byte. ICMP: type and code, type in the high byte. */
  readonly flags: number;
  /** The IPv4 header's flags and offset, in units of 8 bytes; absent: 0. */
  readonly fragment?: number;
}

export interface PacketTable {
  readonly bytes: Buffer;
  /** Of each packet. */
  readonly length: number;
}

const IPV4 = 20;
const TRANSPORT = 20;
const UDP_HEADER = 8;
const TCP = 6;
const UDP = 17;
const ICMP = 1;

/** Of 40 bytes each: TCP with a whole header, UDP with 12 bytes of payload. */
export function packetTable(packets: readonly Ipv4Packet[]): PacketTable {
  return fill(packets, IPV4 + TRANSPORT, () => undefined);
}

/** UDP packets that end in a payload each, all payloads of one length. */
export function payloadTable(packets: readonly Ipv4Packet[], payloads: readonly Uint8Array[]): PacketTable {
  const length = IPV4 + UDP_HEADER + (payloads[0]?.length ?? 0);
  return fill(packets, length, position => payloads[position]);
}

function fill(
  packets: readonly Ipv4Packet[],
  length: number,
  payload: (position: number) => Uint8Array | undefined,
): PacketTable {
  const bytes = Buffer.alloc(packets.length * length);
  for (const [position, packet] of packets.entries()) {
    const at = position * length;
    writeIpv4Header(bytes.subarray(at, at + IPV4), packet, length);
    writeTransportHeader(bytes.subarray(at + IPV4, at + length), packet);
    const end = payload(position);
    if (end !== undefined) bytes.set(end, at + length - end.length);
  }
  return { bytes, length };
}

export function packetCount({ bytes, length }: PacketTable): number {
  return bytes.length / length;
}

export function packetAt({ bytes, length }: PacketTable, position: number): Uint8Array {
  return bytes.subarray(position * length, (position + 1) * length);
}

function writeIpv4Header(
  header: Buffer,
  { source, destination, protocol, fragment = 0 }: Ipv4Packet,
  length: number,
): void {
  header[0] = 0x45;
  header.writeUInt16BE(length, 2);
  header.writeUInt16BE(fragment, 6);
  header[8] = 64;
  header[9] = protocol;
  header.writeUInt32BE(source, 12);
  header.writeUInt32BE(destination, 16);
  header.writeUInt16BE(internetChecksum(header), 10);
}

/** Checksums of transport headers stay 0: nothing looks at them before the hook. */
function writeTransportHeader(header: Buffer, { protocol, sourcePort, destinationPort, flags }: Ipv4Packet): void {
  if (protocol === ICMP) {
    header.writeUInt16BE(flags, 0);
    return;
  }
  if (protocol !== TCP && protocol !== UDP) return;
  header.writeUInt16BE(sourcePort, 0);
  header.writeUInt16BE(destinationPort, 2);
  if (protocol === UDP) {
    header.writeUInt16BE(header.length, 4);
    return;
  }
  header[12] = 5 << 4;
  header[13] = flags;
}
