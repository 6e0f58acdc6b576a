// What a formula becomes grows with its length and no faster: formulas of n parts, of 2n and of 4n of every kind, with the
// nft rules, their matches and the programs’ characters counted.

import type { Choice } from '../../src/backend/nft/rule';
import { planOf } from '../packet/rules';

const FAMILIES: readonly (readonly [name: string, of: (n: number) => string])[] = [
  ['searches, all of them', n => joined(n, ' and ', i => `udp.payload contains "ab${i}"`)],
  ['searches, any of them', n => joined(n, ' or ', i => `udp.payload contains "ab${i}"`)],
  ['searches, an odd number of them', n => joined(n, ' xor ', i => `udp.payload contains "ab${i}"`)],
  ['wildcards', n => joined(n, ' xor ', i => `tcp.payload wildcard "*ab${i}*"`)],
  ['regular expressions', n => joined(n, ' and ', i => `ip ~ "ab+${i}$"`)],
  ['stars in a wildcard', n => `udp.payload wildcard "${'ab*'.repeat(n)}"`],
  ['a string to look for', n => `udp.payload contains "${'ab'.repeat(n)}"`],
  ['a string to begin with', n => `starts_with(tcp.payload, "${'abcdefgh'.repeat(n)}")`],
  ['a string to end with', n => `ends_with(udp.payload, "${'abcdefgh'.repeat(n)}")`],
  ['a string to be less than', n => `udp.payload < "${'ab'.repeat(n)}"`],
  ['strings in a set', n => `udp.payload in {${joined(n, ' ', i => `"abc${i}"`)}}`],
  ['ports, any of them', n => joined(n, ' or ', i => `tcp.dstport == ${2 * i}`)],
  ['ports, an odd number of them', n => joined(n, ' xor ', i => `tcp.dstport == ${2 * i}`)],
  ['a TTL or a port', n => joined(n, ' and ', i => `(ip.ttl < ${i + 9} or udp.srcport < ${i + 9})`)],
  ['pairs', n => joined(n, ' or ', i => `(tcp.dstport == ${i} and ip.ttl == ${i})`)],
  ['pairs, an odd number of them', n => joined(n, ' xor ', i => `(tcp.dstport == ${i} and ip.ttl == ${i})`)],
  ['unequal ports', n => joined(n, ' and ', i => `tcp.dstport != ${2 * i}`)],
  ['lengths in a set', n => `len(ip) in {${joined(n, ' ', i => `${2 * i}`)}}`],
  ['bits, all of them', n => joined(n, ' and ', i => `bit_slice(tcp, ${i}, ${i + 9}) == 1`)],
  ['bits, any of them', n => joined(n, ' or ', i => `bit_slice(ip, ${i}, ${i + 9}) == 1`)],
  ['xor in xor', n => nested(n, (inner, i) => `(ip.ttl < ${i + 9} xor ${inner})`)],
  ['xor around and', n => nested(n, (inner, i) => `(ip.ttl < ${i + 9} xor ip.len < ${i + 60} and ${inner})`)],
  ['and around or', n => nested(n, (inner, i) => `(ip.ttl < ${i + 9} and (ip.len < ${i + 60} or ${inner}))`, 2)],
  ['not around or', n => nested(n, (inner, i) => `not (tcp.dstport == ${i} or ${inner})`, 2)],
  ['not around and', n => nested(n, (inner, i) => `not (udp.dstport < ${i + 9} and ${inner})`, 2)],
];

const SIZES = [25, 50, 100];

test.each(FAMILIES)('%s, in eBPF', (_, expressionOf) => {
  const [once = 0, twice = 0, fourfold = 0] = SIZES.map(n => sizeOf(expressionOf(n), 'ebpf'));
  // Some more for longer numbers, and for the functions around many tests.
  expect(twice).toBeLessThan(2.3 * once);
  expect(fourfold).toBeLessThan(2.3 * twice);
});

test.each(FAMILIES)('%s: what nftables takes over is no larger', (_, expressionOf) => {
  for (const n of SIZES) {
    const expression = expressionOf(n);
    expect(sizeOf(expression, 'auto')).toBeLessThanOrEqual(sizeOf(expression, 'ebpf'));
  }
});

/** A rule and a match are of the order of a line of a program. */
function sizeOf(expression: string, choice: Choice): number {
  const plan = planOf([{ expression, action: 'block' }], { choice });
  const rules = [plan.tables.ip, plan.tables.ip6].flatMap(({ chains }) => chains.flatMap(chain => chain.rules));
  const characters = [...plan.programs.values()].reduce((sum, { text }) => sum + text.length, 0);
  return rules.length + rules.reduce((sum, { matches }) => sum + matches.length, 0) + characters / 40;
}

function joined(n: number, between: string, part: (i: number) => string): string {
  return Array.from({ length: n }, (_, i) => part(i)).join(between);
}

/** Levels that each take `brackets` of the nesting; up to its limit. */
function nested(n: number, around: (inner: string, i: number) => string, brackets = 1): string {
  return Array.from({ length: Math.floor(n / brackets) }, (_, i) => i).reduce(around, 'ip.len < 9');
}
