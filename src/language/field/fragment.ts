// Fields about fragmentation: in the IPv4 header (RFC 791 section 3.1), in IPv6 in the first Fragment header (RFC 8200
// section 4.5), which most packets have not.

import { BOOL, INT } from '../type';
import { networkPlace, type PacketField, type Place } from './packet-field';

const NO_HEADER = 'IPv6 without a Fragment header';

function fragmentHeader(offset: number, length: number, mask?: bigint): Place {
  return { segment: 'fragment_header', offset, length, ...(mask !== undefined && { mask }) };
}

export const FRAGMENT_FIELDS: readonly PacketField[] = [
  {
    name: 'ip.id',
    type: INT,
    optional: true,
    meaning: 'Identification: 16 bits in IPv4, 32 in IPv6.',
    absent: `${NO_HEADER}, or it is cut off`,
    source: { kind: 'header', ip: networkPlace(4, 2), ip6: fragmentHeader(4, 4) },
  },
  {
    name: 'ip.flags.df',
    type: BOOL,
    optional: true,
    meaning: 'The Don’t Fragment flag is set.',
    absent: 'IPv6',
    source: { kind: 'header', ip: networkPlace(6, 1, 0x40n) },
  },
  {
    name: 'ip.flags.mf',
    type: BOOL,
    optional: true,
    meaning: 'The More Fragments flag is set.',
    absent: NO_HEADER,
    source: { kind: 'header', ip: networkPlace(6, 1, 0x20n), ip6: fragmentHeader(3, 1, 0x01n) },
  },
  {
    name: 'ip.frag',
    type: BOOL,
    optional: false,
    meaning: 'The packet is a fragment, the first or a later one; an atomic fragment (RFC 6946) is none.',
    absent: undefined,
    source: { kind: 'header', ip: networkPlace(6, 2, 0x3fffn), ip6: fragmentHeader(2, 2, 0xfff9n) },
  },
  {
    name: 'ip.frag_offset',
    type: INT,
    optional: true,
    meaning: 'Fragment offset in units of 8 bytes.',
    absent: NO_HEADER,
    source: { kind: 'header', ip: networkPlace(6, 2, 0x1fffn), ip6: fragmentHeader(2, 2, 0xfff8n) },
  },
];
