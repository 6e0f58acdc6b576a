// Fields of the TCP header (RFC 9293 section 3.1).

import { BOOL, BYTES, INT } from '../type';
import { type PacketField, type Place, transportField } from './packet-field';

const TCP = 6;
const NO_HEADER = 'not TCP, a later fragment, or cut off before it';

/** Bit values of header byte 13, by the names that the API of the public product gives them (`ecn` is ECE). */
const FLAGS = { fin: 0x01, syn: 0x02, reset: 0x04, push: 0x08, ack: 0x10, urg: 0x20, ecn: 0x40, cwr: 0x80 };

const MSS: Place = { segment: 'tcp_mss', offset: 0, length: 2 };

function flag([name, bit]: [string, number]): PacketField {
  return {
    name: `tcp.flags.${name}`,
    type: BOOL,
    optional: true,
    meaning: `The ${name.toUpperCase()} flag is set.`,
    absent: NO_HEADER,
    source: transportField(TCP, { offset: 13, length: 1, mask: BigInt(bit) }),
  };
}

export const TCP_FIELDS: readonly PacketField[] = [
  {
    name: 'tcp.srcport',
    type: INT,
    optional: true,
    meaning: 'Source port.',
    absent: NO_HEADER,
    source: transportField(TCP, { offset: 0, length: 2 }),
  },
  {
    name: 'tcp.dstport',
    type: INT,
    optional: true,
    meaning: 'Destination port.',
    absent: NO_HEADER,
    source: transportField(TCP, { offset: 2, length: 2 }),
  },
  {
    name: 'tcp.seq',
    type: INT,
    optional: true,
    meaning: 'Sequence number.',
    absent: NO_HEADER,
    source: transportField(TCP, { offset: 4, length: 4 }),
  },
  {
    name: 'tcp.hdr_len',
    type: INT,
    optional: true,
    meaning: 'Data offset: the length of the TCP header in units of 4 bytes, 5 is 20 bytes.',
    absent: NO_HEADER,
    source: transportField(TCP, { offset: 12, length: 1, mask: 0xf0n }),
  },
  {
    name: 'tcp.window',
    type: INT,
    optional: true,
    meaning: 'Window as the header has it, not scaled.',
    absent: NO_HEADER,
    source: transportField(TCP, { offset: 14, length: 2 }),
  },
  {
    name: 'tcp.mss',
    type: INT,
    optional: true,
    meaning: 'Value of the first Maximum Segment Size option.',
    absent: 'not TCP, a later fragment, the header is cut off, or it has no such option of length 4',
    source: { kind: 'header', protocol: TCP, ip: MSS, ip6: MSS },
  },
  {
    name: 'tcp.flags',
    type: INT,
    optional: true,
    meaning: 'The flags byte: CWR ECE URG ACK PSH RST SYN FIN from the highest bit to the lowest.',
    absent: NO_HEADER,
    source: transportField(TCP, { offset: 13, length: 1 }),
  },
  ...Object.entries(FLAGS).map(flag),
  {
    name: 'tcp.payload',
    type: BYTES,
    optional: true,
    meaning: 'The bytes after the TCP header and its options, to the end of the packet.',
    absent: 'not TCP, a later fragment, the header is cut off, or its data offset is below 5 or beyond the packet',
    source: { kind: 'segment', segment: 'tcp_payload', protocol: TCP },
  },
  {
    name: 'tcp',
    type: BYTES,
    optional: true,
    meaning: 'The segment from its TCP header on, for bit_slice and the byte functions.',
    absent: 'not TCP, or a later fragment',
    source: { kind: 'segment', segment: 'transport', protocol: TCP },
  },
];
