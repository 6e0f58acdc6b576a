// Fields that only IPv4 has (RFC 791 section 3.1).

import { INT } from '../type';
import { networkPlace, type PacketField } from './packet-field';

const HEADER_LENGTH = networkPlace(0, 1, 0x0fn);

export const IPV4_FIELDS: readonly PacketField[] = [
  {
    name: 'ip.hdr_len',
    type: INT,
    optional: true,
    meaning: 'Length of the IPv4 header (IHL) in units of 4 bytes: 5 is 20 bytes.',
    absent: 'IPv6',
    source: { kind: 'header', ip: HEADER_LENGTH },
  },
  {
    name: 'ip.opt.type',
    type: INT,
    optional: true,
    meaning: 'First byte of the IPv4 options: the type of the first option.',
    absent: 'IPv6, or no options (`ip.hdr_len` is 5 or less)',
    source: { kind: 'header', ip: { ...networkPlace(20, 1), where: { place: HEADER_LENGTH, atLeast: 6n } } },
  },
];
