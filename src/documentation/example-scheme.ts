// The scheme that the catalogue's examples are about: the packet scheme, and fields of the types that packets do not have.

import { packetScheme } from '../language/field/packet-scheme';
import { STANDARD_FUNCTIONS } from '../language/function/standard';
import type { Field, Scheme } from '../language/scheme';
import { arrayOf, BOOL, BYTES, INT, IP, mapOf, type Type } from '../language/type';

const OTHER_FIELDS: readonly [string, Type][] = [
  ['tags', arrayOf(BYTES)],
  ['nums', arrayOf(INT)],
  ['marks', arrayOf(BOOL)],
  ['grid', arrayOf(arrayOf(BOOL))],
  ['headers', mapOf(BYTES)],
];

export function exampleScheme(): Scheme {
  const packets = packetScheme([]);
  const fields = OTHER_FIELDS.map(([name, type]): [string, Field] => [name, { name, type, optional: false }]);
  const functions = [...STANDARD_FUNCTIONS.values()].map(({ signature }) => [signature.name, signature] as const);
  return {
    ...packets,
    fields: new Map([...packets.fields, ...fields]),
    functions: new Map([...packets.functions, ...functions]),
    lists: [{ type: IP, names: new Set(['office', 'cf.malware']) }],
  };
}
