// Fields of the network header, IPv4 (RFC 791 section 3.1) and IPv6 (RFC 8200 section 3).

import { BYTES, INT, IP } from '../type';
import { networkPlace, type PacketField } from './packet-field';

export const IP_FIELDS: readonly PacketField[] = [
  {
    name: 'ip.src',
    type: IP,
    optional: false,
    meaning: 'Source address.',
    absent: undefined,
    source: { kind: 'header', ip: networkPlace(12, 4), ip6: networkPlace(8, 16) },
  },
  {
    name: 'ip.dst',
    type: IP,
    optional: false,
    meaning: 'Destination address.',
    absent: undefined,
    source: { kind: 'header', ip: networkPlace(16, 4), ip6: networkPlace(24, 16) },
  },
  {
    name: 'ip.proto',
    type: BYTES,
    optional: true,
    meaning: 'Name of the upper-layer protocol, after IPv6 extension headers; an Authentication Header counts as one.',
    absent: 'IPv6 extension headers are cut off',
    source: { kind: 'protocol_name' },
  },
  {
    name: 'ip.proto.num',
    type: INT,
    optional: true,
    meaning: 'Number of the upper-layer protocol, the one that `ip.proto` names.',
    absent: 'IPv6 extension headers are cut off',
    source: { kind: 'protocol_number' },
  },
  {
    name: 'ip.len',
    type: INT,
    optional: false,
    meaning: 'Length of the packet in bytes, headers included; in IPv6 the payload length plus 40.',
    absent: undefined,
    source: { kind: 'header', ip: networkPlace(2, 2), ip6: { ...networkPlace(4, 2), plus: 40n } },
  },
  {
    name: 'ip.ttl',
    type: INT,
    optional: false,
    meaning: 'Time to live; in IPv6 the hop limit.',
    absent: undefined,
    source: { kind: 'header', ip: networkPlace(8, 1), ip6: networkPlace(7, 1) },
  },
  {
    name: 'ip.dscp',
    type: INT,
    optional: false,
    meaning:
      'Differentiated services codepoint (RFC 2474): the upper six bits of IPv4’s second byte, of IPv6’s traffic class.',
    absent: undefined,
    source: { kind: 'header', ip: networkPlace(1, 1, 0xfcn), ip6: networkPlace(0, 2, 0x0fc0n) },
  },
  {
    name: 'ip.ecn',
    type: INT,
    optional: false,
    meaning: 'Explicit congestion notification (RFC 3168): the two bits below `ip.dscp`.',
    absent: undefined,
    source: { kind: 'header', ip: networkPlace(1, 1, 0x03n), ip6: networkPlace(1, 1, 0x30n) },
  },
  {
    name: 'ip',
    type: BYTES,
    optional: false,
    meaning: 'The packet from its network header on, for bit_slice and the byte functions.',
    absent: undefined,
    source: { kind: 'segment', segment: 'network' },
  },
];
