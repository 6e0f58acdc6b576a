// What a packet is like where nothing is asked of it: addresses of documentation, a TTL of 64, a port above 1024 to a
// well-known one.

import { invariant } from '../diagnostic/invariant';
import { ipPacket, TCP_FLAG, tcp, udp } from '../packet/build';
import type { PacketFamily } from '../packet/packet';
import type { Usual } from './assignment';
import { type ByteVariable, type FactName, LENGTH_BITS, type LengthName } from './variable';

export interface UsualPacket {
  readonly l4proto: 6 | 17;
  /** Bytes of transport header and payload. */
  readonly transportLength: number;
}

const SOURCE_PORT = 40_000;
const DESTINATION_PORT = 443;
/** 1,460 bytes. */
const ETHERNET_MSS = [0x05, 0xb4];
const ETHERNET_NAME = Buffer.from('eth0');
const USUALLY_FOUND: ReadonlySet<FactName> = new Set<FactName>(['l4proto_found', 'transport_found', 'in_iface_found']);
const HEADER_LENGTH: Readonly<Record<PacketFamily, number>> = { ip: 20, ip6: 40 };

/** In the order in which they are tried: short ones are read more easily, long ones have room. */
export const USUAL_PACKETS: readonly UsualPacket[] = [20, 64, 200, 1000].flatMap(transportLength => [
  { l4proto: 6, transportLength },
  { l4proto: 17, transportLength },
]);

/** Header and payload as a whole packet; the payload is zeros. */
function usualFrame(family: PacketFamily, { l4proto, transportLength }: UsualPacket): Uint8Array {
  const header =
    family === 'ip'
      ? { source: '10.0.0.1', destination: '192.0.2.1' }
      : { source: '2001:db8::1', destination: '2001:db8::2' };
  return ipPacket(header, usualTransport(l4proto, transportLength));
}

function usualTransport(l4proto: 6 | 17, length: number) {
  if (l4proto === 17) return udp(SOURCE_PORT, DESTINATION_PORT, Buffer.alloc(Math.max(0, length - 8)));
  return tcp(SOURCE_PORT, DESTINATION_PORT, TCP_FLAG.syn, '\0'.repeat(Math.max(0, length - 20)));
}

/** Made once, for they are looked at for every rule. */
export const USUAL_FRAMES: Readonly<Record<PacketFamily, readonly Uint8Array[]>> = {
  ip: USUAL_PACKETS.map(packet => usualFrame('ip', packet)),
  ip6: USUAL_PACKETS.map(packet => usualFrame('ip6', packet)),
};

export function usualValues(family: PacketFamily, packet: UsualPacket): Usual {
  const made = USUAL_FRAMES[family][USUAL_PACKETS.indexOf(packet)];
  const frame = made ?? usualFrame(family, packet);
  const behindHeader = packet.transportLength + (family === 'ip' ? HEADER_LENGTH.ip : 0);
  const lengths: Readonly<Record<LengthName, number>> = {
    behind_header: behindHeader,
    transport: packet.transportLength,
    fragment_header: packet.transportLength + 8,
  };
  return (variable, decided) => {
    switch (variable.kind) {
      case 'byte':
        if (saysL4proto(variable, family))
          return decided({ kind: 'l4proto', bit: variable.bit }) ?? isSet(packet.l4proto, 8, variable.bit);
        return isSet(usualByte(variable, frame, HEADER_LENGTH[family]), 8, variable.bit);
      case 'l4proto':
        return isSet(packet.l4proto, 8, variable.bit);
      case 'length':
        return isSet(lengths[variable.name], LENGTH_BITS, variable.bit);
      case 'fact':
        return USUALLY_FOUND.has(variable.name);
      case 'opaque':
        return false;
    }
  };
}

/** A Next Header field, where no extension header follows. */
function saysL4proto({ region, byte }: ByteVariable, family: PacketFamily): boolean {
  return family === 'ip6' && ((region === 'network' && byte === 6) || (region === 'fragment_header' && byte === 0));
}

function usualByte({ region, byte }: ByteVariable, frame: Uint8Array, headerLength: number): number {
  switch (region) {
    case 'network':
      // Behind the fixed header: No Operation (RFC 791 section 3.1).
      return byte < headerLength ? (frame[byte] as number) : 1;
    case 'transport':
      return frame[headerLength + byte] ?? 0;
    case 'tcp_mss':
      return ETHERNET_MSS[byte] ?? 0;
    case 'in_iface':
      return ETHERNET_NAME[byte] ?? 0;
    case 'fragment_header':
    case 'end':
      return 0;
  }
}

function isSet(value: number, width: number, bit: number): boolean {
  invariant(bit < width, 'a bit lies in its number');
  return Math.floor(value / 2 ** (width - 1 - bit)) % 2 === 1;
}
