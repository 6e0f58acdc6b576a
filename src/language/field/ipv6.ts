// Fields that only IPv6 has (RFC 8200 section 3).

import { INT } from '../type';
import { networkPlace, type PacketField } from './packet-field';

export const IPV6_FIELDS: readonly PacketField[] = [
  {
    name: 'ip6.flow_label',
    type: INT,
    optional: true,
    meaning: 'Flow label (RFC 6437).',
    absent: 'IPv4',
    source: { kind: 'header', ip6: networkPlace(0, 4, 0xfffffn) },
  },
];
