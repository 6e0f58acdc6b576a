// Fields whose values are in no packet: the host has to be told them, or needs a database. They are in the scheme for the
// sake of rules that name them; what they are made of comes from elsewhere.

import { BOOL, BYTES, INT } from '../type';
import type { PacketField } from './packet-field';

/** Lists that the operator's provider keeps, not the policy. */
export const MANAGED_LISTS: readonly string[] = [
  'cf.anonymizer',
  'cf.botnetcc',
  'cf.malware',
  'cf.open_proxies',
  'cf.vpn',
];

const UNKNOWN_ADDRESS = 'the database does not know the address';

export const EXTERNAL_FIELDS: readonly PacketField[] = [
  {
    name: 'cf.colo.name',
    type: BYTES,
    optional: false,
    meaning: 'Name of the data center in which this host stands, such as `sfo06`.',
    absent: undefined,
    source: { kind: 'external', data: 'colo_name' },
  },
  {
    name: 'cf.colo.region',
    type: BYTES,
    optional: false,
    meaning: 'Region of the data center in which this host stands, such as `WNAM`.',
    absent: undefined,
    source: { kind: 'external', data: 'colo_region' },
  },
  {
    name: 'ip.src.country',
    type: BYTES,
    optional: true,
    meaning: 'Country of the source address, by its two letters of ISO 3166-1.',
    absent: UNKNOWN_ADDRESS,
    source: { kind: 'external', data: 'country' },
  },
  {
    name: 'ip.dst.country',
    type: BYTES,
    optional: true,
    meaning: 'Country of the destination address, by its two letters of ISO 3166-1.',
    absent: UNKNOWN_ADDRESS,
    source: { kind: 'external', data: 'country' },
  },
  {
    name: 'ip.geoip.country',
    type: BYTES,
    optional: true,
    meaning: 'Country of the source or of the destination address.',
    absent: UNKNOWN_ADDRESS,
    deprecated: 'write `ip.src.country` or `ip.dst.country`, or conditions on both',
    source: { kind: 'external', data: 'country' },
  },
  {
    name: 'ip.src.asnum',
    type: INT,
    optional: true,
    meaning: 'Number of the autonomous system that announces the source address.',
    absent: UNKNOWN_ADDRESS,
    source: { kind: 'external', data: 'asn' },
  },
  {
    name: 'ip.dst.asnum',
    type: INT,
    optional: true,
    meaning: 'Number of the autonomous system that announces the destination address.',
    absent: UNKNOWN_ADDRESS,
    source: { kind: 'external', data: 'asn' },
  },
  {
    name: 'sip',
    type: BOOL,
    optional: false,
    meaning: 'The packet is a valid SIP message (RFC 3261) over UDP.',
    absent: undefined,
    source: { kind: 'external', data: 'sip' },
  },
];
