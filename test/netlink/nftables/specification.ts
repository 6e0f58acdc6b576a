// Random specifications for round trips: everything the encoders can write, with names, numbers and bytes at their ends.

import fc from 'fast-check';
import { CHAIN_TYPES, type Chain, HOOKS } from '../../../src/netlink/nftables/chain';
import type { Data, Verdict } from '../../../src/netlink/nftables/data';
import type { Elements, SetElement } from '../../../src/netlink/nftables/element';
import { BYTEORDER_OPERATIONS } from '../../../src/netlink/nftables/expression/byteorder';
import { CMP_OPERATORS } from '../../../src/netlink/nftables/expression/cmp';
import type { Expression } from '../../../src/netlink/nftables/expression/expression';
import { EXTHDR_PROTOCOLS } from '../../../src/netlink/nftables/expression/exthdr';
import { META_KEYS } from '../../../src/netlink/nftables/expression/meta';
import { PAYLOAD_BASES } from '../../../src/netlink/nftables/expression/payload';
import type { CounterObject } from '../../../src/netlink/nftables/object';
import type { Rule } from '../../../src/netlink/nftables/rule';
import type { NftSet } from '../../../src/netlink/nftables/set';
import type { Table } from '../../../src/netlink/nftables/table';

const u8 = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const u64 = fc.bigInt({ min: 0n, max: 0xffffffffffffffffn });
const register = fc.integer({ min: 0, max: 23 });
const name = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 });
/** A copy, because fast-check's arrays may be views. */
const octets = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map(bytes => Uint8Array.from(bytes));
const value = octets(0, 64);
const userdata = octets(0, 256);
const family = fc.constantFrom('ip' as const, 'ip6' as const, 'inet' as const, 'bridge' as const);

/** A record whose members may also be absent. */
const optional = <T extends object>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(members, { requiredKeys: [] });

const verdict: fc.Arbitrary<Verdict> = fc.oneof(
  fc.record({
    code: fc.constantFrom('drop' as const, 'accept' as const, 'return' as const, 'continue' as const, 'break' as const),
  }),
  fc.record({ code: fc.constantFrom('jump' as const, 'goto' as const), chain: name }),
  fc.record({ code: fc.constant('other' as const), value: fc.integer({ min: 2, max: 0x7fffffff }) }),
);

const data: fc.Arbitrary<Data> = fc.oneof(
  fc.record({ kind: fc.constant('value' as const), value }),
  fc.record({ kind: fc.constant('verdict' as const), verdict }),
);

const kind = <Kind extends string>(kind: Kind) => ({ kind: fc.constant(kind) });

export const expression: fc.Arbitrary<Expression> = fc.oneof(
  fc.record({ ...kind('bitwise'), source: register, destination: register, length: u32, mask: value, xor: value }),
  fc.record({
    ...kind('byteorder'),
    source: register,
    destination: register,
    operation: fc.constantFrom(...BYTEORDER_OPERATIONS.names),
    length: u32,
    size: u32,
  }),
  fc.record({ ...kind('cmp'), source: register, operator: fc.constantFrom(...CMP_OPERATORS.names), value }),
  fc.record({ ...kind('counter'), packets: u64, bytes: u64 }, { requiredKeys: ['kind'] }),
  fc.record({
    ...kind('exthdr'),
    protocol: fc.constantFrom(...EXTHDR_PROTOCOLS.names),
    type: u8,
    offset: u32,
    length: u32,
    presence: fc.boolean(),
    destination: register,
  }),
  fc.record({
    ...kind('exthdr_set'),
    protocol: fc.constantFrom(...EXTHDR_PROTOCOLS.names),
    type: u8,
    offset: u32,
    length: u32,
    source: register,
  }),
  fc.record({ ...kind('immediate'), destination: register, value }),
  fc.record({ ...kind('verdict'), verdict }),
  fc.record(
    { ...kind('log'), prefix: name, group: u16, snaplen: u32, queueThreshold: u16, level: u32, flags: u32 },
    { requiredKeys: ['kind'] },
  ),
  fc.record(
    { ...kind('lookup'), source: register, set: name, setId: u32, invert: fc.boolean(), destination: register },
    { requiredKeys: ['kind', 'source', 'set', 'invert'] },
  ),
  fc.record({ ...kind('match'), name, revision: u32, info: octets(0, 600) }),
  fc.record({ ...kind('meta'), key: fc.constantFrom(...META_KEYS.names), destination: register }),
  fc.record({ ...kind('meta_set'), key: fc.constantFrom(...META_KEYS.names), source: register }),
  fc.record({ ...kind('objref'), objectType: u32, name }),
  fc.record(
    { ...kind('objref_map'), source: register, set: name, setId: u32 },
    { requiredKeys: ['kind', 'source', 'set'] },
  ),
  fc.record({
    ...kind('payload'),
    base: fc.constantFrom(...PAYLOAD_BASES.names),
    offset: u32,
    length: u32,
    destination: register,
  }),
  fc.record({
    ...kind('range'),
    source: register,
    operator: fc.constantFrom('eq' as const, 'neq' as const),
    from: value,
    to: value,
  }),
  // Of a kind that is not modelled, and of one that is, with bytes that are none of its attributes.
  fc.record(
    {
      ...kind('unknown'),
      name: fc.constantFrom('notrack', 'limit'),
      data: fc.constantFrom(Uint8Array.of(8, 0, 1, 0, 1, 2, 3, 4)),
    },
    { requiredKeys: ['kind', 'name'] },
  ),
  fc.record({
    ...kind('unknown'),
    name: fc.constant('cmp'),
    data: fc.constant(
      Uint8Array.from(Buffer.from('08000100000000010800020000000009080003800400010008006300000000ff', 'hex')),
    ),
  }),
);

const expressions = fc.array(expression, { maxLength: 6 });
const oneOrMore = fc.array(expression, { minLength: 1, maxLength: 3 });

export const table: fc.Arbitrary<Table> = fc.record(
  {
    ...kind('table'),
    family,
    name,
    flags: fc.constantFrom(['dormant' as const], ['owner' as const, 'persist' as const], ['0x100' as const]),
    userdata,
  },
  { requiredKeys: ['kind', 'family', 'name'] },
);

export const chain: fc.Arbitrary<Chain> = fc.record(
  {
    ...kind('chain'),
    family,
    table: name,
    name,
    base: fc.record({
      type: fc.constantFrom(...CHAIN_TYPES),
      hook: fc.constantFrom(...HOOKS.names),
      priority: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
      policy: fc.constantFrom('drop' as const, 'accept' as const),
    }),
    userdata,
  },
  { requiredKeys: ['kind', 'family', 'table', 'name'] },
);

export const rule: fc.Arbitrary<Rule> = fc.record(
  {
    ...kind('rule'),
    family,
    table: name,
    chain: name,
    handle: u64,
    expressions,
    position: u64,
    compat: fc.record({ protocol: u32, invert: fc.boolean() }),
    userdata,
  },
  { requiredKeys: ['kind', 'family', 'table', 'chain', 'handle', 'expressions'] },
);

export const set: fc.Arbitrary<NftSet> = fc.record(
  {
    ...kind('set'),
    family,
    table: name,
    name,
    flags: fc.subarray([
      'anonymous',
      'constant',
      'interval',
      'map',
      'timeout',
      'eval',
      'object',
      'concat',
      'expr',
      '0x200',
    ] as const),
    keyType: u32,
    keyLength: u32,
    dataType: fc.integer({ min: 0, max: 0xfffffeff }),
    dataLength: u32,
    objectType: u32,
    id: u32,
    policy: fc.constantFrom('performance' as const, 'memory' as const),
    size: u32,
    fieldLengths: fc.array(u32, { minLength: 1, maxLength: 5 }),
    timeout: u64,
    gcInterval: u32,
    userdata,
    expressions: oneOrMore,
  },
  { requiredKeys: ['kind', 'family', 'table', 'name', 'flags', 'keyType', 'keyLength', 'id'] },
);

/** Without a comment, which is read back as user data. */
const element: fc.Arbitrary<SetElement> = optional<Required<Omit<SetElement, 'comment' | 'tag'>>>({
  key: octets(0, 64),
  keyEnd: octets(0, 64),
  flags: fc.constantFrom(['interval_end' as const], ['catchall' as const], ['0x4' as const]),
  data,
  timeout: u64,
  expiration: u64,
  userdata,
  objectName: name,
  expressions: oneOrMore,
});

export const elements: fc.Arbitrary<Elements> = fc.record(
  {
    ...kind('elements'),
    family,
    table: name,
    set: name,
    setId: u32,
    elements: fc.array(element, { minLength: 1, maxLength: 8 }),
  },
  { requiredKeys: ['kind', 'family', 'table', 'set', 'elements'] },
);

export const counterObject: fc.Arbitrary<CounterObject> = fc.record(
  { ...kind('counter_object'), family, table: name, name, packets: u64, bytes: u64, userdata },
  { requiredKeys: ['kind', 'family', 'table', 'name'] },
);
