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
import { ICMP_FIELDS } from './icmp';
import { IP_FIELDS } from './ip';
import type { PacketField } from './packet-field';
import { TCP_FIELDS } from './tcp';
import { UDP_FIELDS } from './udp';

export const PACKET_FIELDS: ReadonlyMap<string, PacketField> = new Map(
  [...IP_FIELDS, ...TCP_FIELDS, ...UDP_FIELDS, ...ICMP_FIELDS, ...CONSTANT_FIELDS].map(field => [field.name, field]),
);

export const PACKET_FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  [BIT_SLICE, ENDS_WITH, LEN, STARTS_WITH].map(definition => [definition.signature.name, definition]),
);

/** The scheme of one account: the names of its lists are part of it. Without them any list may be named. */
export function packetScheme(lists: Iterable<string> | undefined): Scheme {
  return {
    fields: PACKET_FIELDS,
    functions: new Map([...PACKET_FUNCTIONS].map(([name, { signature }]) => [name, signature])),
    lists: [lists === undefined ? { type: IP } : { type: IP, names: new Set(lists) }],
    nilNotEqual: true,
  };
}

export function packetField(name: string): PacketField {
  const field = PACKET_FIELDS.get(name);
  invariant(field !== undefined, `${name} is a field of the packet scheme`);
  return field;
}
