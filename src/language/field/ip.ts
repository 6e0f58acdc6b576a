// Fields of the network header, IPv4 (RFC 791 section 3.1) and IPv6 (RFC 8200 section 3).

import { BYTES, INT, IP } from '../type';
import type { PacketField, Place } from './packet-field';

function network(offset: number, length: number): Place {
  return { segment: 'network', offset, length };
}

export const IP_FIELDS: readonly PacketField[] = [
  {
    name: 'ip.src',
    type: IP,
    optional: false,
    meaning: 'Source address.',
    absent: undefined,
    source: { kind: 'header', ip: network(12, 4), ip6: network(8, 16) },
  },
  {
    name: 'ip.dst',
    type: IP,
    optional: false,
    meaning: 'Destination address.',
    absent: undefined,
    source: { kind: 'header', ip: network(16, 4), ip6: network(24, 16) },
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
    name: 'ip.len',
    type: INT,
    optional: false,
    meaning: 'Length of the packet in bytes, headers included; in IPv6 the payload length plus 40.',
    absent: undefined,
    source: { kind: 'header', ip: network(2, 2), ip6: { ...network(4, 2), plus: 40n } },
  },
  {
    name: 'ip.ttl',
    type: INT,
    optional: false,
    meaning: 'Time to live; in IPv6 the hop limit.',
    absent: undefined,
    source: { kind: 'header', ip: network(8, 1), ip6: network(7, 1) },
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
