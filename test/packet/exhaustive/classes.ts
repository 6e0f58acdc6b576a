// The conditions that formulas are made of and the packets that they are tried on: for every combination of true, false and
// absent that can occur one packet at least, in both families.

import { type IpHeader, ipPacket, TCP_FLAG, type Transport, tcp, udp } from '../../../src/packet/build';
import { dissect, type Packet, type PacketFamily } from '../../../src/packet/packet';

/** One that every packet has; two of one header, of which the second may be cut off; a payload's length, for eBPF. */
export const CONDITIONS = ['ip.ttl == 64', 'tcp.dstport == 22', 'tcp.flags.syn', 'len(udp.payload) == 1'] as const;

/** What a packet says to each condition; undefined where it does not have the field. */
export type Says = readonly (boolean | undefined)[];

export interface PacketClass {
  readonly name: string;
  readonly family: PacketFamily;
  readonly bytes: Uint8Array;
  readonly packet: Packet;
  readonly says: Says;
}

const { syn, ack } = TCP_FLAG;
const GRE: Transport = { protocol: 47, bytes: Buffer.from('00000800', 'hex') };

type Row = readonly [name: string, transport: Transport, fragment: 'whole' | 'later', says: Says];

/** What they say to all conditions but the first. */
const ROWS: readonly Row[] = [
  ['a SYN to port 22', tcp(1, 22, syn), 'whole', [true, true, undefined]],
  ['an ACK to port 22', tcp(1, 22, ack), 'whole', [true, false, undefined]],
  ['a SYN to port 23', tcp(1, 23, syn), 'whole', [false, true, undefined]],
  ['an ACK to port 23', tcp(1, 23, ack), 'whole', [false, false, undefined]],
  ['ports alone, to port 22', cut(tcp(1, 22, syn), 4), 'whole', [true, undefined, undefined]],
  ['ports alone, to port 23', cut(tcp(1, 23, syn), 4), 'whole', [false, undefined, undefined]],
  ['a datagram of one byte', udp(1, 22, 'x'), 'whole', [undefined, undefined, true]],
  ['a datagram of two bytes', udp(1, 22, 'xy'), 'whole', [undefined, undefined, false]],
  ['a datagram cut in its header', cut(udp(1, 22, 'x'), 4), 'whole', [undefined, undefined, undefined]],
  ['another protocol', GRE, 'whole', [undefined, undefined, undefined]],
  ['a later fragment', tcp(1, 22, syn), 'later', [undefined, undefined, undefined]],
];

export const CLASSES: readonly PacketClass[] = (['ip', 'ip6'] as const).flatMap(family =>
  [64, 63].flatMap(ttl =>
    ROWS.map(([name, transport, fragment, says]) => {
      const bytes = fragment === 'later' ? laterFragment(family, ttl, transport) : packetOf(family, ttl, transport);
      const packet = dissect(bytes);
      if (packet === undefined) throw new Error(`${name} is no packet`);
      return { name: `${name}, ${family}, TTL ${ttl}`, family, bytes, packet, says: [ttl === 64, ...says] };
    }),
  ),
);

export function classesOf(family: PacketFamily): readonly PacketClass[] {
  return CLASSES.filter(each => each.family === family);
}

function headerOf(family: PacketFamily, ttl: number): IpHeader {
  return family === 'ip'
    ? { source: '10.0.0.1', destination: '10.0.0.2', ttl }
    : { source: '2001:db8::1', destination: '2001:db8::2', ttl };
}

function packetOf(family: PacketFamily, ttl: number, transport: Transport): Uint8Array {
  return ipPacket(headerOf(family, ttl), transport);
}

/** At offset 8, in the units of 8 bytes that the headers count in. */
function laterFragment(family: PacketFamily, ttl: number, { protocol, bytes }: Transport): Uint8Array {
  if (family === 'ip') return ipPacket({ ...headerOf(family, ttl), fragmentOffset: 1 }, { protocol, bytes });
  const header = Buffer.from([protocol, 0, 0, 8, 0, 0, 0, 7]);
  return ipPacket(headerOf(family, ttl), { protocol: 44, bytes: Buffer.concat([header, bytes]) });
}

function cut({ protocol, bytes }: Transport, length: number): Transport {
  return { protocol, bytes: bytes.subarray(0, length) };
}
