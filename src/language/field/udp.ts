// Fields of the UDP header (RFC 768).

import { BYTES, INT } from '../type';
import { type PacketField, transportField } from './packet-field';

const UDP = 17;
const NO_HEADER = 'not UDP, a later fragment, or cut off before it';

export const UDP_FIELDS: readonly PacketField[] = [
  {
    name: 'udp.srcport',
    type: INT,
    optional: true,
    meaning: 'Source port.',
    absent: NO_HEADER,
    source: transportField(UDP, { offset: 0, length: 2 }),
  },
  {
    name: 'udp.dstport',
    type: INT,
    optional: true,
    meaning: 'Destination port.',
    absent: NO_HEADER,
    source: transportField(UDP, { offset: 2, length: 2 }),
  },
  {
    name: 'udp.len',
    type: INT,
    optional: true,
    meaning: 'Length that the UDP header states, in bytes, header included.',
    absent: NO_HEADER,
    source: transportField(UDP, { offset: 4, length: 2 }),
  },
  {
    name: 'udp.payload',
    type: BYTES,
    optional: true,
    meaning: 'The bytes after the UDP header, to the end of the packet.',
    absent: 'not UDP, a later fragment, or the header is cut off',
    source: { kind: 'segment', segment: 'udp_payload', protocol: UDP },
  },
  {
    name: 'udp',
    type: BYTES,
    optional: true,
    meaning:
      'The datagram from its UDP header on, for bit_slice (the payload begins at bit 64) and the byte functions.',
    absent: 'not UDP, or a later fragment',
    source: { kind: 'segment', segment: 'transport', protocol: UDP },
  },
];
