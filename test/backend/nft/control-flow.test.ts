// What becomes of a rule in IPv4's table: the expression, then its rule in the base chain and its own chains, in nft's
// notation. Formulas are the optimised ones, as in force.

import { controlFlow } from '../../../src/backend/nft/control-flow';
import { printRule } from '../../../src/backend/nft/notation';
import { partition } from '../../../src/backend/nft/partition';
import type { NftChain } from '../../../src/backend/nft/table';
import { compiledExpression, planOf } from '../../packet/rules';

const COUNT = 'counter drop comment "rampart rule=1 ref=1 action=block"';

describe('becomes', () => {
  test.each<[string, string, readonly string[]]>([
    ['one rule: a comparison', 'ip.src == 10.0.0.1', [`ip saddr 10.0.0.1 ${COUNT}`]],
    ['one rule: what complements itself', 'ip.ttl != 64', [`ip ttl != 64 ${COUNT}`]],
    [
      'one rule: a conjunction, cheap before dear',
      'ip.src in {10.0.0.0/8} and ip.ttl == 1',
      [`ip ttl 1 ip saddr 10.0.0.0-10.255.255.255 ${COUNT}`],
    ],
    [
      'one rule: two ports in one set',
      'tcp.dstport == 22 or tcp.dstport == 80',
      [`meta l4proto tcp th dport @set_50723f407067 ${COUNT}`],
    ],
    ['one rule without a match', 'true', [COUNT]],
    ['no rule', 'false', []],
    ['no rule: what contradicts itself', 'tcp.dstport == 22 and tcp.dstport == 23', []],
    [
      'a chain left where the condition holds: absent counts as unequal',
      'tcp.dstport != 22',
      ['jump rule_1_0', 'rule_1_0: meta l4proto tcp th dport 22 return', `rule_1_0: ${COUNT}`],
    ],
    [
      'a chain of alternatives',
      'ip.ttl == 1 or tcp.dstport == 22',
      [
        'jump rule_1_0',
        'rule_1_0: ip ttl 1 goto rule_1_match',
        'rule_1_0: meta l4proto tcp th dport 22 goto rule_1_match',
        `rule_1_match: ${COUNT}`,
      ],
    ],
    [
      'a chain behind what all alternatives share',
      'ip.len == 40 and (ip.ttl == 1 or tcp.dstport == 22)',
      [
        'ip length 40 jump rule_1_1',
        'rule_1_1: ip ttl 1 goto rule_1_match',
        'rule_1_1: meta l4proto tcp th dport 22 goto rule_1_match',
        `rule_1_match: ${COUNT}`,
      ],
    ],
    [
      'two states for xor',
      'ip.ttl == 1 xor tcp.dstport == 22',
      [
        'jump rule_1_0',
        'rule_1_0: ip ttl 1 goto rule_1_2',
        'rule_1_0: goto rule_1_1',
        'rule_1_1: meta l4proto tcp th dport 22 goto rule_1_match',
        'rule_1_2: meta l4proto tcp th dport 22 return',
        'rule_1_2: goto rule_1_match',
        `rule_1_match: ${COUNT}`,
      ],
    ],
    [
      'a program call behind the matches',
      'len(udp.payload) == 1 and ip.ttl == 1',
      [`ip ttl 1 # match bpf pinned PROGRAM # ${COUNT}`],
    ],
    [
      'one program for neighbours',
      'ip.ttl == 1 and (len(udp.payload) == 1 or len(tcp.payload) == 1)',
      [`ip ttl 1 # match bpf pinned PROGRAM # ${COUNT}`],
    ],
    [
      'a return before a program',
      'not ip.ttl == 1 and not len(udp.payload) == 1',
      [`ip ttl != 1 # match bpf pinned PROGRAM # ${COUNT}`],
    ],
  ])('%s: %s', (_, expression, expected) => {
    expect(rulesOf(expression)).toEqual(expected);
  });
});

test('a formula that needs more chains than the kernel follows goes to eBPF whole', () => {
  const deep = Array.from({ length: 14 }, (_, bit) => `ip.ttl & ${1 << (bit % 7)}`).join(' xor ');
  const tcp = `tcp.dstport == 1 xor ${deep} xor tcp.srcport == 2 xor udp.dstport == 3 xor ip.len == 4 xor ip.src == 10.0.0.1`;
  const expression = `${tcp} xor ip.dst == 10.0.0.1 xor udp.srcport == 9 xor icmp.type == 1 xor icmp.code == 2`;
  expect(controlFlow(partition(compiledExpression(expression).formula.ip))).toBeUndefined();
  expect(planOf([{ expression, action: 'block' }]).backends).toEqual({ ip: ['ebpf'], ip6: ['ebpf'] });
});

describe('partition leaves to nftables', () => {
  test.each<[string, string, ReturnType<typeof partition>['kind']]>([
    ['what it can load', 'tcp.dstport == 22', 'and'],
    ['the length of the packet', 'len(ip) == 40', 'test'],
    ['not the length of a payload', 'len(tcp.payload) == 40', 'program'],
    ['not bytes from the end', 'ends_with(udp, "a")', 'and'],
    ['not a payload behind a header of any length', 'starts_with(tcp.payload, "a")', 'program'],
    ['a payload behind a fixed header', 'starts_with(udp.payload, "a")', 'and'],
    ['not a search', 'ip contains "a"', 'program'],
    ['nothing of a negated search', 'not ip contains "a"', 'program'],
    ['nothing of an alternative of searches', 'ip contains "a" or ip contains "b"', 'program'],
  ])('%s: %s', (_, expression, kind) => {
    expect(partition(compiledExpression(expression).formula.ip).kind).toBe(kind);
  });
});

/** The base chain's rules, then those of the rule's chains with the chain's name; without what is for fragments. */
function rulesOf(expression: string): string[] {
  const [base, ...others] = planOf([{ expression, action: 'block' }]).tables.ip.chains;
  const own = others.filter(({ name }) => name.startsWith('rule_'));
  const inBase = base === undefined ? [] : printed(base).filter(rule => !rule.endsWith('goto later_fragments'));
  return [...inBase, ...own.flatMap(chain => printed(chain).map(rule => `${chain.name}: ${rule}`))];
}

function printed(chain: NftChain): string[] {
  return chain.rules.map(rule => printRule(rule, 'ip').replaceAll(/pinned [0-9a-f]{32}/g, 'pinned PROGRAM'));
}
