// Conditions on the name of an interface, lowered to tests on one number, against the language itself on the name as bytes:
// every kind of condition, with literals that are shorter, longer and stranger than names are.

import { holds } from '../../src/ir/evaluate';
import { printFormula } from '../../src/ir/print';
import { execute } from '../../src/language/execute/execute';
import { ipPacket, udp } from '../../src/packet/build';
import { dissect, type Packet } from '../../src/packet/packet';
import { LANGUAGE } from '../packet/language';
import { compiledExpression } from '../packet/rules';

const NAMES = ['e', 'a', 'aa', 'lo', 'eth', 'eth0', 'eth1', 'eth00', 'eth10', 'et', 'f', '0eth', 'Eth0', 'tunnel-0.100']
  .concat(['a'.repeat(14), 'a'.repeat(15), 'ethernet0123456', 'ethernet012345', `${'a'.repeat(14)}b`, '\x01', '\xff'])
  .map(name => Buffer.from(name, 'latin1'));

const LITERALS = [
  '',
  'a',
  'e',
  'et',
  'eth',
  'eth0',
  'eth00',
  'h',
  'th0',
  '0',
  'o',
  'lo',
  '5',
  '\xff',
  '\xff\xff',
  '\x01',
]
  .concat(['\0', 'eth0\0', 'eth0\0a', 'e\0th0', 'a\0', '\0eth0', 'ethernet0123456', 'ethernet01234567', 'rnet01'])
  .concat(['a', 'b', '\0', '\x01'].map(last => 'a'.repeat(15) + last))
  .concat([13, 14, 15, 16, 17, 40].map(length => 'a'.repeat(length)));

const OPERATORS = ['==', '!=', '<', '<=', '>', '>=', 'contains'];
const NUMBERS = [-1, 0, 1, 2, 3, 4, 5, 13, 14, 15, 16, 17, 1000];
const SLICES = [
  [0, 8],
  [0, 1],
  [7, 9],
  [8, 16],
  [3, 29],
  [24, 32],
  [88, 120],
  [119, 120],
  [112, 121],
  [120, 128],
  [128, 136],
  [2000, 2032],
];

const quoted = (literal: string): string =>
  `"${[...Buffer.from(literal, 'latin1')].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`;

const CONDITIONS: readonly string[] = [
  ...LITERALS.flatMap(literal => [
    ...OPERATORS.map(operator => `in_iface ${operator} ${quoted(literal)}`),
    `starts_with(in_iface, ${quoted(literal)})`,
    `ends_with(in_iface, ${quoted(literal)})`,
    `not ends_with(in_iface, ${quoted(literal)})`,
    `in_iface in {${quoted(literal)} "eth1"}`,
  ]),
  ...NUMBERS.flatMap(number => [
    ...['==', '!=', '<', '<=', '>', '>=', '&'].map(operator => `len(in_iface) ${operator} ${number}`),
    `len(in_iface) in {${number} 4 7..9}`,
    `bit_slice(in_iface, 3, 29) ${number < 5 ? '>' : '<'} ${number * 1_000_000}`,
  ]),
  ...SLICES.flatMap(([start, end]) => [
    `bit_slice(in_iface, ${start}, ${end}) >= 0`,
    `bit_slice(in_iface, ${start}, ${end}) == 0x61`,
    `bit_slice(in_iface, ${start}, ${end}) != 0x65`,
    `bit_slice(in_iface, ${start}, ${end}) & 1`,
    `bit_slice(in_iface, ${start}, ${end}) in {1..0x65 0x61616161}`,
  ]),
  ...['*', 'e*', '*0', 'ETH*', 'eth*', '', 'a*a'].flatMap(pattern => [
    `in_iface wildcard "${pattern}"`,
    `in_iface strict wildcard "${pattern}"`,
  ]),
  ...['^eth[0-9]+$', 'eth', '', '^$', '(?i)^e', 'a{15}', '0$', '^.{4}$'].map(
    pattern => `in_iface matches "${pattern}"`,
  ),
  'in_iface in {}',
  'len(in_iface) in {}',
];

const FRAME = ipPacket({ source: '10.0.0.1', destination: '10.0.0.2' }, udp(1, 2));
const packets = NAMES.map(name => ({ name, packet: dissect(FRAME, name) as Packet }));
const nameless = dissect(FRAME) as Packet;

test.each(CONDITIONS)('%s', condition => {
  const { typed, plain, formula } = compiledExpression(condition);
  const expected = NAMES.filter(name => execute(typed, { ...LANGUAGE, fields: new Map([['in_iface', name]]) }));
  const judged = (stage: typeof plain) =>
    packets.filter(({ packet }) => holds(stage.ip, packet)).map(({ name }) => name);
  expect(judged(plain).map(String)).toEqual(expected.map(String));
  expect(judged(formula).map(String)).toEqual(expected.map(String));
  const absent = execute(typed, { ...LANGUAGE, fields: new Map() });
  expect([holds(plain.ip, nameless), holds(formula.ip, nameless)]).toEqual([absent, absent]);
});

describe('a condition becomes', () => {
  test.each([
    ['in_iface == "eth0"', 'in_iface in {0x65746830000000000000000000000000}'],
    [
      'starts_with(in_iface, "eth")',
      'in_iface in {0x65746800000000000000000000000000..0x657468ffffffffffffffffffffffffff}',
    ],
    ['in_iface == "ethernet01234567"', 'false'],
    ['in_iface contains "\\x00"', 'false'],
    ['len(in_iface) > 14', 'in_iface & 0xff00 in {0x100..0xff00}'],
    ['len(in_iface) < 100', 'in_iface in {0x0..0xffffffffffffffffffffffffffffffff}'],
  ])('%s: %s', (expression, formula) => {
    expect(printFormula(compiledExpression(expression).formula.ip)).toBe(formula);
  });
});
