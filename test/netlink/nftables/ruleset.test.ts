// A ruleset by our batch: what nft prints of it, and what our decoders read of it.

import type { Connection } from '../../../src/netlink/connection';
import { encodeBatch } from '../../../src/netlink/nftables/batch';
import type { BatchOperation } from '../../../src/netlink/nftables/batch-operation';
import { type Chain, decodeChain, dumpChains } from '../../../src/netlink/nftables/chain';
import { concatenatedType, DATATYPES } from '../../../src/netlink/nftables/datatype';
import { decodeElements, dumpElements, type Elements } from '../../../src/netlink/nftables/element';
import type { Expression } from '../../../src/netlink/nftables/expression/expression';
import { registerAtWord } from '../../../src/netlink/nftables/expression/register';
import { intervalElements } from '../../../src/netlink/nftables/interval-element';
import { type CounterObject, decodeCounterObject, dumpCounterObjects } from '../../../src/netlink/nftables/object';
import { decodeRule, dumpRules, type Rule } from '../../../src/netlink/nftables/rule';
import { decodeSet, dumpSets, type NftSet } from '../../../src/netlink/nftables/set';
import { decodeTable, dumpTables, type Table } from '../../../src/netlink/nftables/table';
import { commentUserdata, setUserdata } from '../../../src/netlink/nftables/userdata';
import { makeNamespace, type TestNamespace } from '../namespace';

const inTable = { family: 'ip', table: 'rampart' } as const;
const bytes = (...octets: readonly number[]): Uint8Array => Uint8Array.of(...octets);

const TABLE: Table = { kind: 'table', family: 'ip', name: 'rampart', userdata: commentUserdata('of the test') };

const BASE: Chain = {
  kind: 'chain',
  ...inTable,
  name: 'in',
  base: { type: 'filter', hook: 'prerouting', priority: -300, policy: 'accept' },
};
const REGULAR: Chain = { kind: 'chain', ...inTable, name: 'rules', userdata: commentUserdata('account a') };

const HOSTS: NftSet = {
  kind: 'set',
  ...inTable,
  name: 'hosts',
  flags: ['interval'],
  keyType: DATATYPES.ipv4_addr,
  keyLength: 4,
  userdata: setUserdata({ keyByteorder: 'network', comment: 'list l' }),
};
const PORTS: NftSet = {
  kind: 'set',
  ...inTable,
  name: 'ports',
  flags: ['map'],
  keyType: DATATYPES.inet_service,
  keyLength: 2,
  dataType: DATATYPES.verdict,
  dataLength: 0,
  userdata: setUserdata({ keyByteorder: 'network' }),
  expressions: [{ kind: 'counter' }],
};
const PAIRS: NftSet = {
  kind: 'set',
  ...inTable,
  name: 'pairs',
  flags: ['interval', 'concat'],
  keyType: concatenatedType(['ipv4_addr', 'inet_service']),
  keyLength: 8,
  fieldLengths: [4, 2],
};

const HOST_ELEMENTS: Elements = {
  kind: 'elements',
  ...inTable,
  set: 'hosts',
  elements: intervalElements([
    { from: bytes(0, 0, 0, 0), to: bytes(0, 255, 255, 255) },
    { from: bytes(10, 0, 0, 1), to: bytes(10, 0, 0, 1) },
    { from: bytes(240, 0, 0, 0), to: bytes(255, 255, 255, 255) },
  ]),
};
const PORT_ELEMENTS: Elements = {
  kind: 'elements',
  ...inTable,
  set: 'ports',
  elements: [
    { key: bytes(0, 80), data: { kind: 'verdict', verdict: { code: 'accept' } } },
    { key: bytes(1, 187), data: { kind: 'verdict', verdict: { code: 'jump', chain: 'rules' } } },
  ],
};
const PAIR_ELEMENTS: Elements = {
  kind: 'elements',
  ...inTable,
  set: 'pairs',
  elements: [{ key: bytes(10, 0, 0, 0, 0, 80, 0, 0), keyEnd: bytes(10, 255, 255, 255, 0, 90, 0, 0) }],
};

const COUNTER: CounterObject = { kind: 'counter_object', ...inTable, name: 'seen', packets: 5n, bytes: 7n };

const SADDR: Expression = { kind: 'payload', base: 'network', offset: 12, length: 4, destination: 1 };
const DPORT: Expression = { kind: 'payload', base: 'transport', offset: 2, length: 2, destination: 1 };
const L4PROTO: Expression = { kind: 'meta', key: 'l4proto', destination: 1 };
const IS_TCP: Expression = { kind: 'cmp', source: 1, operator: 'eq', value: bytes(6) };
const ZERO: Expression = { kind: 'counter', packets: 0n, bytes: 0n };

const RULES: readonly (readonly Expression[])[] = [
  [
    SADDR,
    { kind: 'lookup', source: 1, set: 'hosts', invert: true },
    ZERO,
    { kind: 'verdict', verdict: { code: 'drop' } },
  ],
  [L4PROTO, IS_TCP, DPORT, { kind: 'lookup', source: 1, set: 'ports', invert: false, destination: 0 }],
  [
    L4PROTO,
    IS_TCP,
    SADDR,
    { ...DPORT, destination: registerAtWord(1) },
    { kind: 'lookup', source: 1, set: 'pairs', invert: false },
    { kind: 'objref', objectType: 1, name: 'seen' },
    { kind: 'log', prefix: 'pair ', group: 5, snaplen: 64, queueThreshold: 10 },
    { kind: 'verdict', verdict: { code: 'goto', chain: 'rules' } },
  ],
  [
    SADDR,
    { kind: 'bitwise', source: 1, destination: 1, length: 4, mask: bytes(255, 128, 0, 0), xor: bytes(0, 0, 0, 0) },
    { kind: 'cmp', source: 1, operator: 'eq', value: bytes(10, 0, 0, 0) },
    { kind: 'verdict', verdict: { code: 'return' } },
  ],
  [L4PROTO, IS_TCP, DPORT, { kind: 'range', source: 1, operator: 'neq', from: bytes(0, 80), to: bytes(0, 90) }],
  [
    { kind: 'exthdr', protocol: 'tcp_option', type: 2, offset: 2, length: 2, presence: false, destination: 1 },
    { kind: 'cmp', source: 1, operator: 'lt', value: bytes(2, 0) },
    { kind: 'immediate', destination: 1, value: bytes(7, 0, 0, 0) },
    { kind: 'meta_set', key: 'mark', source: 1 },
  ],
  [
    { kind: 'immediate', destination: 1, value: bytes(5, 0x78) },
    { kind: 'exthdr_set', protocol: 'tcp_option', type: 2, offset: 2, length: 2, source: 1 },
  ],
];

const rule = (expressions: readonly Expression[]): Rule => ({
  kind: 'rule',
  ...inTable,
  chain: 'in',
  expressions,
  userdata: commentUserdata('rule r version 3'),
});

const ADDED = [
  TABLE,
  BASE,
  REGULAR,
  HOSTS,
  PORTS,
  PAIRS,
  COUNTER,
  HOST_ELEMENTS,
  PORT_ELEMENTS,
  PAIR_ELEMENTS,
  ...RULES.map(rule),
];

function add(object: (typeof ADDED)[number]): BatchOperation {
  return object.kind === 'elements' ? { operation: 'add', object } : { operation: 'add', object };
}

let namespace: TestNamespace;
let connection: Connection;

beforeAll(async () => {
  namespace = makeNamespace('ruleset');
  connection = namespace.connect('netfilter');
  await connection.commit(encodeBatch(ADDED.map(add)));
});

afterAll(() => namespace.remove());

test('nft lists it as it was meant', () => {
  expect(namespace.run('nft', 'list', 'ruleset')).toBe(`table ip rampart {
	comment "of the test"
	counter seen {
		packets 5 bytes 7
	}

	set hosts {
		type ipv4_addr
		flags interval
		comment "list l"
		elements = { 0.0.0.0/8, 10.0.0.1,
			     240.0.0.0/4 }
	}

	map ports {
		type inet_service : verdict
		counter
		elements = { 80 counter packets 0 bytes 0 : accept, 443 counter packets 0 bytes 0 : jump rules }
	}

	set pairs {
		type ipv4_addr . inet_service
		flags interval
		elements = { 10.0.0.0/8 . 80-90 }
	}

	chain in {
		type filter hook prerouting priority raw; policy accept;
		ip saddr != @hosts counter packets 0 bytes 0 drop comment "rule r version 3"
		tcp dport vmap @ports comment "rule r version 3"
		ip saddr . tcp dport @pairs counter name "seen" log prefix "pair " group 5 snaplen 64 queue-threshold 10 goto rules comment "rule r version 3"
		ip saddr 10.0.0.0/9 return comment "rule r version 3"
		tcp dport != 80-90 comment "rule r version 3"
		tcp option maxseg size < 512 meta mark set 0x00000007 comment "rule r version 3"
		tcp option maxseg size set 1400 comment "rule r version 3"
	}

	chain rules {
		comment "account a"
	}
}
`);
});

test('the table comes back', async () => {
  const tables = (await connection.dump(dumpTables('ip'))).map(decodeTable);
  expect(tables).toEqual([{ ...TABLE, handle: expect.any(BigInt), use: 6 }]);
});

test('the chains come back', async () => {
  const chains = (await connection.dump(dumpChains('ip'))).map(decodeChain);
  expect(chains).toEqual([
    { ...BASE, handle: expect.any(BigInt), use: 7, flags: ['base'] },
    { ...REGULAR, handle: expect.any(BigInt), use: 2, flags: [] },
  ]);
});

test('the rules come back, in order', async () => {
  const rules = (await connection.dump(dumpRules('ip', 'rampart', 'in'))).map(decodeRule);
  const previous = (index: number) => (index === 0 ? {} : { position: rules[index - 1]?.handle });
  expect(rules).toEqual(
    RULES.map((expressions, index) => ({ ...rule(expressions), handle: expect.any(BigInt), ...previous(index) })),
  );
});

const KERNELS_OWN = { handle: expect.any(BigInt) };

test('the sets come back', async () => {
  const sets = (await connection.dump(dumpSets('ip', 'rampart'))).map(decodeSet);
  const [told] = sets;
  // Linux 6.16 and later tell both.
  expect([typeof told?.backend, typeof told?.count]).toEqual(
    told?.count === undefined ? ['undefined', 'undefined'] : ['string', 'number'],
  );
  expect(sets.map(({ backend: _, count: _count, ...set }) => set)).toEqual([
    { ...HOSTS, ...KERNELS_OWN },
    { ...PORTS, ...KERNELS_OWN, expressions: [ZERO] },
    { ...PAIRS, ...KERNELS_OWN },
  ]);
});

test('the named counter comes back', async () => {
  const counters = (await connection.dump(dumpCounterObjects('ip', 'rampart'))).map(decodeCounterObject);
  expect(counters).toEqual([{ ...COUNTER, handle: expect.any(BigInt), use: 1 }]);
});

test.each([
  ['an interval set', HOST_ELEMENTS],
  [
    'a verdict map with a counter in each element',
    {
      ...PORT_ELEMENTS,
      elements: PORT_ELEMENTS.elements.map(element => ({ ...element, expressions: [ZERO] })),
    },
  ],
  ['a concatenation with ranges', PAIR_ELEMENTS],
])('the elements of %s come back', async (_, expected) => {
  const listed = (await connection.dump(dumpElements('ip', 'rampart', expected.set))).map(decodeElements);
  const byKey = (a: { key?: Uint8Array }, b: { key?: Uint8Array }) =>
    Buffer.compare(a.key ?? bytes(), b.key ?? bytes());
  expect(listed.flatMap(({ elements }) => elements).sort(byKey)).toEqual([...expected.elements].sort(byKey));
});

test('100,000 addresses take several messages and all arrive; an interval is never cut', async () => {
  const number = (value: number): Uint8Array => bytes(value >>> 24, value >>> 16, value >>> 8, value);
  const intervals = Array.from({ length: 100_000 }, (_, index) => {
    const from = number(0x0b000000 + index * 16);
    return { from, to: number(0x0b000000 + index * 16 + 7) };
  });
  const batch = encodeBatch([
    { operation: 'add', object: { ...HOSTS, name: 'many' } },
    { operation: 'add', object: { ...HOST_ELEMENTS, set: 'many', elements: intervalElements(intervals) } },
  ]);
  expect(batch.messages.length).toBe(67);
  // Every message after the first begins with a start: an even index.
  expect(batch.messages.every(({ firstElement }) => firstElement % 2 === 0)).toBe(true);
  await connection.commit(batch);
  const listed = (await connection.dump(dumpElements('ip', 'rampart', 'many'))).map(decodeElements);
  expect(listed.reduce((sum, { elements }) => sum + elements.length, 0)).toBe(200_000);
}, 30_000);
