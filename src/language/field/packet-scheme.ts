// The packet scheme: every field family's rows and the functions that packets have.

import { invariant } from '../../diagnostic/invariant';
import { BIT_SLICE } from '../function/bit-slice';
import type { FunctionDefinition } from '../function/definition';
import { ENDS_WITH } from '../function/ends-with';
import { LEN } from '../function/len';
import { STARTS_WITH } from '../function/starts-with';
import type { Scheme } from '../scheme';
import { IP } from '../type';
import { CONSTANT_FIELDS } from './constant';
import { ESP_FIELDS } from './esp';
import { EXTERNAL_FIELDS, MANAGED_LISTS } from './external';
import { FRAGMENT_FIELDS } from './fragment';
import { GRE_FIELDS } from './gre';
import { ICMP_FIELDS } from './icmp';
import { ICMPV6_FIELDS } from './icmpv6';
import { IP_FIELDS } from './ip';
import { IPV4_FIELDS } from './ipv4';
import { IPV6_FIELDS } from './ipv6';
import { otherSpellings } from './other-spelling';
import { WHOLE_PACKET_FIELDS } from './packet';
import type { PacketField } from './packet-field';
import { TCP_FIELDS } from './tcp';
import { UDP_FIELDS } from './udp';

/** The families in the order in which people read of them. */
export const FIELD_FAMILIES: readonly { readonly title: string; readonly fields: readonly PacketField[] }[] = [
  { title: 'IP', fields: IP_FIELDS },
  { title: 'IPv4 alone', fields: IPV4_FIELDS },
  { title: 'IPv6 alone', fields: IPV6_FIELDS },
  { title: 'Fragments', fields: FRAGMENT_FIELDS },
  { title: 'TCP', fields: TCP_FIELDS },
  { title: 'UDP', fields: UDP_FIELDS },
  { title: 'ICMP', fields: ICMP_FIELDS },
  { title: 'ICMPv6', fields: ICMPV6_FIELDS },
  { title: 'GRE', fields: GRE_FIELDS },
  { title: 'ESP', fields: ESP_FIELDS },
  { title: 'The packet as a whole', fields: WHOLE_PACKET_FIELDS },
  { title: 'What no packet holds', fields: EXTERNAL_FIELDS },
  { title: 'Constants', fields: CONSTANT_FIELDS },
];

export const PACKET_FIELDS: ReadonlyMap<string, PacketField> = new Map(
  FIELD_FAMILIES.flatMap(({ fields }) => fields).map(field => [field.name, field]),
);

export const PACKET_FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  [BIT_SLICE, ENDS_WITH, LEN, STARTS_WITH].map(definition => [definition.signature.name, definition]),
);

const OTHER_SPELLINGS = otherSpellings(new Set([...PACKET_FIELDS.keys(), ...PACKET_FUNCTIONS.keys()]));

const SIGNATURES: Scheme['functions'] = new Map(
  [...PACKET_FUNCTIONS].map(([name, { signature }]) => [name, signature]),
);

/** The scheme of one account: the names of its lists are part of it. Without them any list may be named. */
export function packetScheme(lists: Iterable<string> | undefined): Scheme {
  return {
    fields: PACKET_FIELDS,
    functions: SIGNATURES,
    lists: [lists === undefined ? { type: IP } : { type: IP, names: new Set([...lists, ...MANAGED_LISTS]) }],
    otherSpellings: OTHER_SPELLINGS,
    nilNotEqual: true,
  };
}

export function packetField(name: string): PacketField {
  const field = PACKET_FIELDS.get(name);
  invariant(field !== undefined, `${name} is a field of the packet scheme`);
  return field;
}
