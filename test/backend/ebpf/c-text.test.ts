// Programs as text, and what the verifier takes: golden C for one formula, names by content, and formulas at the ends of
// what the language allows.

import { type Program, programFor } from '../../../src/backend/ebpf/program';
import { testRunOnPacket } from '../../../src/ebpf/program';
import { holds } from '../../../src/ir/evaluate';
import { ipPacket, tcp, udp } from '../../../src/packet/build';
import { dissect } from '../../../src/packet/packet';
import { loadProgram } from '../../kernel/load-program';
import { compiledExpression } from '../../packet/rules';

const V4 = { source: '10.0.0.1', destination: '10.0.0.2' };
const V6 = { source: '2001:db8::1', destination: '2001:db8::2' };

test('a formula is a function for each test and C’s own operators', () => {
  const { text } = ipv4('ip.ttl & 3 and not ends_with(udp.payload, "xyzzy")');
  expect(
    text.replace(/headers [0-9a-f]{16}/, 'headers HASH'),
  ).toBe(`/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Written by rampart from one rule formula; the file name is the hash of this text. */
/* headers HASH */
#include <rampart/packet.h>
#include <rampart/fragment-header.h>
#include <rampart/range.h>
#include <rampart/tcp-option.h>

static __always_inline bool test_0(struct __sk_buff *skb, const struct packet *packet)
{
	struct number number = load_from_start(skb, network(skb, packet), 8, 1);

	number.high &= 0x0ULL;
	number.low &= 0x3ULL;
	return number.present && ((at_least(number, 0x0ULL, 0x1ULL) && at_most(number, 0x0ULL, 0xffULL)));
}

static __always_inline bool test_1(struct __sk_buff *skb, const struct packet *packet)
{
	struct number number = load_from_end(skb, packet, udp_payload(skb, packet), 5, 5);

	return number.present && ((at_least(number, 0x0ULL, 0x78797a7a79ULL) && at_most(number, 0x0ULL, 0x78797a7a79ULL)));
}

SEC("socket")
int rampart(struct __sk_buff *skb)
{
	struct packet packet = {};

	if (!dissect_ip(skb, &packet))
		return 0;
	return (test_0(skb, &packet) && !test_1(skb, &packet));
}

char LICENSE[] SEC("license") = "GPL";
`);
});

describe('a name', () => {
  test('is the same for formulas that are the same', () => {
    expect(ipv4('len(tcp.payload) in {1 2 3}').name).toBe(ipv4('len(tcp.payload) in {3 1..2}').name);
  });

  test('is another for another formula, and for the other family', () => {
    const { formula } = compiledExpression('len(tcp.payload) == 1');
    const names = [programFor(formula.ip, 'ip'), programFor(formula.ip6, 'ip6'), ipv4('len(tcp.payload) == 2')];
    expect(new Set(names.map(({ name }) => name)).size).toBe(3);
  });

  test('is what a pin may be called', () => {
    expect(ipv4('len(ip) == 20').name).toMatch(/^[0-9a-f]{32}$/);
  });
});

test('the same test twice is one function', () => {
  const { text } = ipv4('len(ip) == 20 xor (ip.ttl == 1 and len(ip) == 20)');
  expect(text.match(/bool test_[0-9]+\(/g)).toEqual(['bool test_0(', 'bool test_1(']);
});

test('all automata of a program are in two tables, which stand before what reads them', () => {
  const { text } = ipv4('ip matches "ab+" and udp.payload matches "ab+" and tcp.payload matches "b+"');
  expect(text.split('\n').filter(line => /scan|pair/.test(line) && !line.includes('pair_classes['))).toEqual([
    // By pairs of classes, which are other bytes, a, b and none, or other bytes, b and none: the rows of the state of having
    // matched; of "ab+" with nothing and with "a" read; of "b+" with nothing read.
    `static const __u16 pair_next[64] = { ${[
      ...new Array(16).fill(0),
      ...[16, 32, 16, 16, 16, 32, 0, 32, 16, 32, 16, 16, 16, 32, 16, 16],
      ...[16, 32, 16, 16, 16, 32, 0, 32, 0, 0, 0, 0, 16, 32, 0, 32],
      ...[48, 0, 48, 0, 0, 0, 48, 0, 48],
    ].join(', ')} };`,
    '#include <rampart/scan-pairs.h>',
    '\treturn segment.present && search_literals(skb, segment.start, packet->end, 0, 1) && scan_pairs(skb, segment.start, packet->end, 0, 16);',
    '\treturn segment.present && search_literals(skb, segment.start, packet->end, 0, 1) && scan_pairs(skb, segment.start, packet->end, 0, 16);',
    '\treturn segment.present && search_literals(skb, segment.start, packet->end, 1, 1) && scan_pairs(skb, segment.start, packet->end, 1024, 48);',
  ]);
});

test('a large automaton, and one for the names of interfaces, read a byte a step', () => {
  const { text } = ipv4('udp.payload matches "[q-z].{9}[q-z]|\\b[aeiou]" or in_iface matches "[ab]{2}"');
  expect(text.split('\n').filter(line => /scan|pair/.test(line) && !/^static const/.test(line))).toEqual([
    '#include <rampart/scan.h>',
    '#include <rampart/scan-in-iface.h>',
    '\treturn segment.present && scan(skb, segment.start, packet->end, 0, 10);',
    expect.stringMatching(/^\treturn scan_in_iface\(skb, 256, \d+\);$/),
  ]);
});

test('literals that decide are in one table, and no automaton is', () => {
  const { text } = ipv4('ip contains "az" and udp.payload contains "az" and tcp.payload wildcard "*Q-*"');
  expect(text.split('\n').filter(line => /scan|search|literal|^\t\{/.test(line))).toEqual([
    '#include <rampart/literal.h>',
    'static const struct literal literals[2] = {',
    '\t{ { 97, 122, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, { 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 2, 0, 1 },',
    '\t{ { 81, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, { 223, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 2, 0, 1 },',
    '#include <rampart/search.h>',
    '\treturn segment.present && search_literals(skb, segment.start, packet->end, 0, 1);',
    '\treturn segment.present && search_literals(skb, segment.start, packet->end, 0, 1);',
    '\treturn segment.present && search_literals(skb, segment.start, packet->end, 1, 1);',
  ]);
});

test.each([
  ['in_iface == "eth0"', ['#include <rampart/in-iface.h>']],
  ['in_iface matches "^e"', ['#include <rampart/scan-in-iface.h>']],
  ['in_iface matches "^e" and in_iface > "eth0"', ['#include <rampart/scan-in-iface.h>']],
  ['udp.payload matches "^e"', []],
])('%s needs the kernel’s BTF where it asks for an interface: %j', (expression, included) => {
  expect(ipv4(expression).text.match(/^#include .*in-iface.*$/gm) ?? []).toEqual(included);
});

test('with more than sixteen tests they stand behind functions of 64', () => {
  const slices = (count: number) => Array.from({ length: count }, (_, i) => `bit_slice(ip, ${i}, ${i + 9}) == 1`);
  expect(ipv4(slices(16).join(' or ')).text).not.toContain('choice');
  const { text } = ipv4(slices(65).join(' or '));
  expect(text.match(/bool choice_\d+/g)).toEqual(['bool choice_0', 'bool choice_1']);
  expect(text).toContain('choice_0(skb, &packet, 63) || choice_1(skb, &packet, 64)');
});

test('xor evaluates first what holds most results', () => {
  const { text } = ipv4('ip.ttl == 1 xor (ip.len == 40 and (ip.len == 41 xor ip.ttl == 2)) xor len(ip) == 1');
  const [line] = text.split('\n').filter(each => each.startsWith('\treturn ('));
  expect(line).toBe(
    '\treturn ((test_1(skb, &packet) && (test_2(skb, &packet) ^ test_3(skb, &packet))) ^ test_0(skb, &packet) ^ test_4(skb, &packet));',
  );
});

test('more than sixteen ranges are an array that is searched', () => {
  const ranges = (count: number) => Array.from({ length: count }, (_, i) => `${i * 10}..${i * 10 + 1}`).join(' ');
  expect(ipv4(`len(ip) in {${ranges(16)}}`).text).not.toContain('in_ranges');
  expect(ipv4(`len(ip) in {${ranges(17)}}`).text).toContain('in_ranges(number, test_0_ranges, 32)');
});

describe('the verifier takes, and the kernel judges as the evaluator does,', () => {
  const many = (count: number, operator: string, term: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => term(i)).join(` ${operator} `);
  test.each<[string, string]>([
    ['110 alternatives', many(110, 'or', i => `bit_slice(udp, ${i}, ${i + 9}) == ${i}`)],
    ['110 conditions', many(110, 'and', i => `bit_slice(udp, ${i}, ${i + 9}) != 511`)],
    ['120 states of xor', many(120, 'xor', i => `bit_slice(ip, ${i}, ${i + 3}) == ${i % 8}`)],
    ['60 nested negations of alternatives', `${'not ('.repeat(60)}len(ip) == 40${' or ip.ttl == 1)'.repeat(60)}`],
    ['400 ranges', `len(ip) in {${many(400, '', i => `${i * 3}..${i * 3 + 1}`)}}`],
    ['a string of 1,000 bytes to begin with', `starts_with(udp.payload, "${'a'.repeat(1000)}")`],
    ['a string of 1,000 bytes to end with', `ends_with(udp.payload, "${'a'.repeat(1000)}")`],
    // Its table has 63 entries.
    ['a table with room for one entry more', 'udp.payload contains "the qu"'],
    ['many searches for any of them', many(60, 'or', i => `udp.payload contains "${'a'.repeat(30)}${i}"`)],
    ['many searches for all of them', many(40, 'and', i => `udp.payload contains "${'a'.repeat(30)}${i}"`)],
  ])('%s', async (_, expression) => {
    await expectSameOfAll(expression, [...SOME, ipPacket(V4, udp(1, 2, 'a'.repeat(1000)))]);
  });
});

describe('a needle of every length', () => {
  test.each([1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 96, 97, 100])(
    '%i bytes is found where it is, and only there',
    async length => {
      const needle = 'abcdefghijklmnopqrstuvwxyz'.repeat(4).slice(0, length);
      const near = `${needle.slice(0, -1)}#`;
      const packets = [`${needle}`, `${near}${needle}`, `${needle}${near}`, near, needle.slice(1), `#${needle}#`, ''];
      await expectSameOfAll(
        `udp.payload contains "${needle}"`,
        packets.map(text => ipPacket(V4, udp(1, 2, text))),
      );
      await expectSameOfAll(
        `udp.payload contains "${needle}"`,
        packets.map(text => ipPacket(V6, udp(1, 2, text))),
      );
    },
  );
});

const SOME = [V4, V6].flatMap(header => [
  ipPacket(header, udp(1, 2, '')),
  ipPacket(header, udp(53, 53, 'a'.repeat(41))),
  ipPacket(header, udp(40000, 65535, Buffer.alloc(64, 0xff))),
  ipPacket(header, tcp(80, 443, 0x18, 'GET / HTTP/1.1')),
]);

async function expectSameOfAll(expression: string, packets: readonly Uint8Array[]): Promise<void> {
  const { formula } = compiledExpression(expression);
  const programs = {
    ip: await loadProgram(programFor(formula.ip, 'ip')),
    ip6: await loadProgram(programFor(formula.ip6, 'ip6')),
  };
  const found = packets.map(bytes => {
    const packet = dissect(bytes);
    if (packet === undefined) throw new Error('these bytes are no packet');
    return {
      kernel: testRunOnPacket(programs[packet.family], bytes).retval === 1,
      evaluator: holds(formula[packet.family], packet),
    };
  });
  expect(found.map(({ kernel }) => kernel)).toEqual(found.map(({ evaluator }) => evaluator));
  programs.ip.close();
  programs.ip6.close();
}

function ipv4(expression: string): Program {
  return programFor(compiledExpression(expression).formula.ip, 'ip');
}
