// The IPv4 packets of a capture that the kernel lets through to the hook, as one table: each is followed by zeros up to
// the longest, which ip_rcv cuts off again.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { internetChecksum } from '../../src/packet/build';
import { ipPacketOf } from '../../src/pcap/link-layer';
import { readCapture } from '../../src/pcap/read-capture';
import { SHARED } from '../place';
import type { PacketTable } from './ipv4-packet';

const CAPTURE = join(SHARED, 'pcaps', 'mixed.pcap');
const LONGEST = 1500;

/** undefined where the capture is not there. */
export function capturedPackets(): PacketTable | undefined {
  if (!existsSync(CAPTURE)) return undefined;
  const packets = [...readCapture(CAPTURE)]
    .map(ipPacketOf)
    .flatMap(link => ('skipped' in link || !isReceived(link.packet) ? [] : [link.packet]));
  const bytes = Buffer.alloc(packets.length * LONGEST);
  for (const [position, packet] of packets.entries()) bytes.set(packet, position * LONGEST);
  return { bytes, length: LONGEST };
}

/** What ip_rcv demands: version, lengths, header checksum (RFC 1122 section 3.2.1). */
function isReceived(packet: Uint8Array): boolean {
  if (packet.length < 20 || packet.length > LONGEST || (packet[0] as number) >> 4 !== 4) return false;
  const headerLength = ((packet[0] as number) & 0xf) * 4;
  const totalLength = ((packet[2] as number) << 8) | (packet[3] as number);
  if (headerLength < 20 || totalLength < headerLength || totalLength > packet.length) return false;
  return internetChecksum(packet.subarray(0, headerLength)) === 0;
}
