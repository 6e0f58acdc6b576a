// A line of a rules file: what it is read as, as an expression, and as nft's match; what is refused, and where.

import { expressionOf } from '../../bench/classification/expression';
import { generateRules } from '../../bench/classification/generate';
import { nftMatch } from '../../bench/classification/nft-text';
import { parseRules, type RangeRule } from '../../bench/classification/rules-file';
import { compileExpression } from '../../src/compile';

const ANY = '@0.0.0.0/0\t0.0.0.0/0\t0 : 65535\t0 : 65535\t';

const LINES: readonly (readonly [line: string, expression: string, nft: string])[] = [
  [
    '@136.107.241.75/32\t76.239.146.7/32\t0 : 65535\t1221 : 1221\t0x06/0xFF\t0x1000/0x1000\t',
    'ip.src == 136.107.241.75 and ip.dst == 76.239.146.7 and tcp.dstport == 1221 and tcp.flags.ack',
    'ip saddr 136.107.241.75 ip daddr 76.239.146.7 tcp flags & 0x10 == 0x10 tcp dport 1221',
  ],
  [
    '@206.40.96.128/27\t175.212.176.0/29\t69 : 69\t1024 : 65535\t0x11/0xFF\t0x0000/0x0000\t',
    'ip.src in {206.40.96.128/27} and ip.dst in {175.212.176.0/29} and udp.srcport == 69 and udp.dstport in {1024..65535}',
    'ip saddr 206.40.96.128/27 ip daddr 175.212.176.0/29 udp sport 69 udp dport 1024-65535',
  ],
  [
    '@10.1.2.3/24 0.0.0.0/0 0 : 65535 0 : 65535 0x06/0xFF 0x0200/0x1200',
    'ip.src in {10.1.2.0/24} and ip.proto.num == 6 and tcp.flags.syn and not tcp.flags.ack',
    'ip saddr 10.1.2.0/24 tcp flags & 0x12 == 0x2',
  ],
  [`${ANY}0x00/0x00\t0x0000/0x0000`, 'true', ''],
  [`${ANY}0x2f/0xFF\t0x0000/0x0000`, 'ip.proto.num == 47', 'ip protocol 47'],
  [`${ANY}0x10/0xF0\t0x0000/0x0000`, 'ip.proto.num in {16..31}', 'ip protocol 16-31'],
  [`${ANY}0x01/0xFF\t0x0500/0xff00`, 'ip.proto.num == 1 and icmp.type == 5', 'icmp type 5'],
  [
    `${ANY}0x01/0xFF\t0x0304/0xffff`,
    'ip.proto.num == 1 and icmp.type == 3 and icmp.code == 4',
    'icmp type 3 icmp code 4',
  ],
  [
    '@0.0.0.0/0 192.0.2.1/32 0 : 65535 53 : 53 0x00/0x00 0x0000/0x0000',
    'ip.dst == 192.0.2.1 and ((tcp.dstport == 53) or (udp.dstport == 53))',
    'ip daddr 192.0.2.1 ip protocol { 6, 17 } th dport 53',
  ],
  [
    '@0.0.0.0/0 0.0.0.0/0 7 : 7 53 : 53 0x2f/0xFF 0x0000/0x0000',
    'ip.proto.num == 47 and ((tcp.srcport == 7 and tcp.dstport == 53) or (udp.srcport == 7 and udp.dstport == 53))',
    'ip length 0',
  ],
  // Older files have no flags.
  [`${ANY}0x11/0xFF`, 'ip.proto.num == 17', 'ip protocol 17'],
];

describe('a rule', () => {
  test.each(LINES)('%j is said as an expression and for nft', (line, expression, nft) => {
    const [rule] = parseRules(line, 'one.rules');
    expect(expressionOf(rule as RangeRule)).toBe(expression);
    expect(nftMatch(rule as RangeRule)).toBe(nft);
    expect(compileExpression(expression, undefined)).toMatchObject({ ok: true });
  });
});

test('empty lines and comments are no rules', () => {
  expect(parseRules(`# two rules\n\n${ANY}0x11/0xFF\n${ANY}0x06/0xFF\n`, 'two.rules')).toHaveLength(2);
});

describe('what is no rule is refused with its line', () => {
  test.each([
    ['hello', 'is not @SOURCE/LENGTH DESTINATION/LENGTH LOW : HIGH LOW : HIGH PROTOCOL/MASK FLAGS/MASK'],
    ['@1.2.3.4/33 0.0.0.0/0 0 : 1 0 : 1 0x06/0xFF', '1.2.3.4/33 is no IPv4 network'],
    ['@1.2.3.4/32 1.2.3.256/32 0 : 1 0 : 1 0x06/0xFF', '1.2.3.256/32 is no IPv4 network'],
    ['@1.2.3.4/32 1.2.3.4/32 9 : 1 0 : 1 0x06/0xFF', '9 : 1 is no range of ports'],
    ['@1.2.3.4/32 1.2.3.4/32 0 : 1 0 : 65536 0x06/0xFF', '0 : 65536 is no range of ports'],
    ['@1.2.3.4/32 1.2.3.4/32 0 : 1 0 : 1 0x06/0xFFF', '0xFFF is no mask of a protocol number'],
    ['@1.2.3.4/32 1.2.3.4/32 0 : 1 0 : 1 0x06/0xFF 0x0/0x10000', '0x10000 is no mask of 16 flags'],
  ])('%j', (line, problem) => {
    expect(() => parseRules(`${ANY}0x11/0xFF\n${line}`, 'bad.rules')).toThrow(`bad.rules:2: ${problem}`);
  });
});

test('a generated ruleset has the size that was asked for and is the same for the same seed', () => {
  expect(generateRules(500, 7)).toHaveLength(500);
  expect(generateRules(500, 7)).toEqual(generateRules(500, 7));
  expect(generateRules(500, 7)).not.toEqual(generateRules(500, 8));
});
