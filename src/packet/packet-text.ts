// A packet in a line for people: `tcp 192.0.2.1:40000 > 198.51.100.2:443 syn, 40 bytes`.

import { printAddress } from '../net/address';
import { bigEndian, uint16 } from '../net/big-endian';
import { protocolNames } from '../net/protocol-number';
import { IPPROTO_TCP, IPPROTO_UDP } from './header';
import { dissect, type Packet } from './packet';

/** Bits 0 to 7 of TCP's flags, as RFC 9293 names them. */
const TCP_FLAGS = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'];
const IPPROTO_ICMP = 1;
const IPPROTO_ICMPV6 = 58;

export function packetText(frame: Uint8Array): string {
  const packet = dissect(frame);
  if (packet === undefined) return `no IP packet, ${frame.length} bytes`;
  const { bytes, l4proto, transport } = packet;
  const protocol = l4proto === undefined ? (packet.family === 'ip' ? 'ipv4' : 'ipv6') : protocolNames(l4proto)[0];
  const [source, destination] = addresses(packet);
  const ports = portsOf(packet);
  const ends = ports === undefined ? `${source} > ${destination}` : withPorts(packet, source, destination, ports);
  const what = [transport === undefined ? 'later fragment or unreadable headers' : '', ...details(packet)].filter(
    Boolean,
  );
  return `${protocol} ${ends}${what.map(word => ` ${word}`).join('')}, ${bytes.length} bytes`;
}

function addresses({ family, bytes }: Packet): readonly [string, string] {
  const [first, length] = family === 'ip' ? [12, 4] : [8, 16];
  const at = (offset: number) =>
    printAddress({ family: family === 'ip' ? 4 : 6, value: bigEndian(bytes.subarray(offset, offset + length)) });
  return [at(first), at(first + length)];
}

function portsOf({ bytes, l4proto, transport }: Packet): readonly [number, number] | undefined {
  if (transport === undefined || transport + 4 > bytes.length) return undefined;
  if (l4proto !== IPPROTO_TCP && l4proto !== IPPROTO_UDP) return undefined;
  return [uint16(bytes, transport), uint16(bytes, transport + 2)];
}

function withPorts({ family }: Packet, source: string, destination: string, [from, to]: readonly [number, number]) {
  return family === 'ip' ? `${source}:${from} > ${destination}:${to}` : `[${source}]:${from} > [${destination}]:${to}`;
}

function details({ bytes, l4proto, transport }: Packet): string[] {
  if (transport === undefined) return [];
  const flags = bytes[transport + 13];
  if (l4proto === IPPROTO_TCP && flags !== undefined) return TCP_FLAGS.filter((_, bit) => flags & (1 << bit));
  const [type, code] = bytes.subarray(transport, transport + 2);
  const isIcmp = l4proto === IPPROTO_ICMP || l4proto === IPPROTO_ICMPV6;
  return isIcmp && type !== undefined && code !== undefined ? [`type ${type} code ${code}`] : [];
}
