// Fields of the ICMP header (RFC 792). They belong to protocol number 1 whatever carries it; ICMPv6 is number 58.

import { BYTES, INT } from '../type';
import { type PacketField, transportField } from './packet-field';

const ICMP = 1;
const NO_HEADER = 'not ICMP, a later fragment, or cut off before it';

export const ICMP_FIELDS: readonly PacketField[] = [
  {
    name: 'icmp.type',
    type: INT,
    optional: true,
    meaning: 'Message type.',
    absent: NO_HEADER,
    source: transportField(ICMP, { offset: 0, length: 1 }),
  },
  {
    name: 'icmp.code',
    type: INT,
    optional: true,
    meaning: 'Message code.',
    absent: NO_HEADER,
    source: transportField(ICMP, { offset: 1, length: 1 }),
  },
  {
    name: 'icmp',
    type: BYTES,
    optional: true,
    meaning: 'The message from its ICMP header on, for bit_slice and the byte functions.',
    absent: 'not ICMP, or a later fragment',
    source: { kind: 'segment', segment: 'transport', protocol: ICMP },
  },
];
