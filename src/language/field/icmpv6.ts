// Fields of the ICMPv6 header (RFC 4443 section 2.1). They belong to protocol number 58 whatever carries it.

import { BYTES, INT } from '../type';
import { type PacketField, transportField } from './packet-field';

const ICMPV6 = 58;
const NO_HEADER = 'not ICMPv6, a later fragment, or cut off before it';

export const ICMPV6_FIELDS: readonly PacketField[] = [
  {
    name: 'icmpv6.type',
    type: INT,
    optional: true,
    meaning: 'Message type.',
    absent: NO_HEADER,
    source: transportField(ICMPV6, { offset: 0, length: 1 }),
  },
  {
    name: 'icmpv6.code',
    type: INT,
    optional: true,
    meaning: 'Message code.',
    absent: NO_HEADER,
    source: transportField(ICMPV6, { offset: 1, length: 1 }),
  },
  {
    name: 'icmpv6',
    type: BYTES,
    optional: true,
    meaning: 'The message from its ICMPv6 header on, for bit_slice and the byte functions.',
    absent: 'not ICMPv6, or a later fragment',
    source: { kind: 'segment', segment: 'transport', protocol: ICMPV6 },
  },
];
