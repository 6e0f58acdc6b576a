// Fields of the GRE header (RFC 2784 section 2).

import { INT } from '../type';
import { type PacketField, transportField } from './packet-field';

const GRE = 47;

export const GRE_FIELDS: readonly PacketField[] = [
  {
    name: 'gre.proto',
    type: INT,
    optional: true,
    meaning: 'Protocol type of the packet inside, an EtherType: 0x800 is IPv4, 0x86dd IPv6.',
    absent: 'not GRE, a later fragment, or cut off before it',
    source: transportField(GRE, { offset: 2, length: 2 }),
  },
];
