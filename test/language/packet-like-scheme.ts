// A scheme for tests of the language: fields of every type, the standard functions and bit_slice, lists of addresses.

import { BIT_SLICE } from '../../src/language/function/bit-slice';
import { STANDARD_FUNCTIONS } from '../../src/language/function/standard';
import { readType } from '../../src/language/read-type';
import type { Field, Scheme } from '../../src/language/scheme';
import { IP } from '../../src/language/type';

const FIELDS: Readonly<Record<string, string>> = {
  'ip.src': 'Ip',
  'ip.ttl': 'Int',
  'ip.len': 'Int',
  'ip.proto': 'Bytes',
  'tcp.dstport': 'Int?',
  'udp.dstport': 'Int?',
  tcp: 'Bytes?',
  udp: 'Bytes?',
  sip: 'Bool',
  tags: 'Array<Bytes>',
  nums: 'Array<Int>',
  marks: 'Array<Bool>',
  grid: 'Array<Array<Bool>>',
  headers: 'Map<Bytes>',
  flags: 'Map<Bool>',
  ab: 'Bytes',
};

export const PACKET_LIKE: Scheme = {
  fields: new Map(Object.entries(FIELDS).map(([name, text]) => [name, fieldOf(name, text)])),
  functions: new Map([...STANDARD_FUNCTIONS.values(), BIT_SLICE].map(({ signature }) => [signature.name, signature])),
  lists: [{ type: IP, names: new Set(['office', 'cf.malware']) }],
  nilNotEqual: true,
};

function fieldOf(name: string, text: string): Field {
  const type = readType(text.replace('?', ''));
  if (type === undefined) throw new Error(`${text} is no type`);
  return { name, type, optional: text.endsWith('?') };
}
