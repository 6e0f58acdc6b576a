// Which rules share a map, and which stages a policy becomes. A stage is written as its kind or its map's name, and the
// numbers of its first and last rule.

import { printFormula } from '../../src/ir/print';
import type { PacketFamily } from '../../src/packet/packet';
import type { Stage, StageChoice } from '../../src/stage/stage';
import { planOf } from '../packet/rules';
import { rulesOf, times } from './policies';

/** Rules of which no two neighbours share a map. */
const MIXED = times(40, 'block ip.ttl < # and tcp.dstport > #').flatMap(line => [line, 'skip ip.src in {10.0.0.0/9}']);

function stages(lines: readonly string[], choice: StageChoice, family: PacketFamily = 'ip'): string[] {
  return planOf(rulesOf(lines), { stages: choice }).stages[family].map(print);
}

function print(stage: Stage): string {
  const [first, last] = [stage.rules[0], stage.rules.at(-1)].map(rule => rule?.index);
  const name = stage.kind === 'verdict_map' ? stage.name : stage.kind;
  return `${name} ${first}${last === first ? '' : `-${last}`}`;
}

describe('a map takes neighbours that ask for exact values of the same loads', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['one address', ['block ip.src == 192.0.2.1', 'skip ip.src == 192.0.2.2'], ['map_saddr 1-2']],
    [
      'an address and a port',
      ['block ip.src == 192.0.2.1 and tcp.dstport == 80', 'block tcp.dstport == 81 and ip.src == 192.0.2.2'],
      ['map_saddr_dport 1-2'],
    ],
    [
      'ports of two protocols',
      ['block tcp.dstport == 80', 'block udp.dstport == 53', 'block tcp.dstport == 81'],
      ['map_l4proto_dport 1-3'],
    ],
    ['the protocol alone', ['block ip.proto == "tcp"', 'block ip.proto == "gre"'], ['map_l4proto 1-2']],
    [
      'a byte that has no name',
      ['block bit_slice(udp, 64, 72) == 7', 'block bit_slice(udp, 64, 72) == 8'],
      ['map_th_8_1 1-2'],
    ],
    [
      'a few values',
      ['block ip.src in {192.0.2.0/28} and tcp.dstport == 1', 'block ip.src == 192.0.2.9 and tcp.dstport == 2'],
      ['map_saddr_dport 1-2'],
    ],
    [
      'sixteen combinations in all',
      ['block tcp.srcport in {1 3 5 7} and tcp.dstport in {1..4}', 'block tcp.srcport == 1 and tcp.dstport == 1'],
      ['map_sport_dport 1-2'],
    ],
    [
      'not twenty of them',
      ['block tcp.srcport in {1 3 5 7} and tcp.dstport in {1..5}', 'block tcp.srcport == 1 and tcp.dstport == 1'],
      ['linear 1', 'map_sport_dport 2'],
    ],
    [
      'not seventeen values',
      ['block tcp.srcport == 2 and tcp.dstport == 2', 'block tcp.srcport == 1 and tcp.dstport in {1..17}'],
      ['map_sport_dport 1', 'map_sport 2'],
    ],
    [
      'what else they ask must be the same in all',
      [
        'block ip.src == 192.0.2.1 and ip.ttl < 100',
        'block ip.src == 192.0.2.2 and ip.ttl < 100',
        'block ip.src == 192.0.2.3 and ip.ttl < 101',
      ],
      ['map_saddr 1-2', 'map_saddr_2 3'],
    ],
    [
      'other loads are another map',
      [
        'block ip.src == 192.0.2.1',
        'block ip.dst == 192.0.2.1',
        'block ip.dst == 192.0.2.2',
        'block ip.src == 192.0.2.1',
      ],
      ['map_saddr 1', 'map_daddr 2-3', 'map_saddr_2 4'],
    ],
    ['nothing under a negation', ['block not ip.src == 192.0.2.1', 'block not tcp.dstport == 80'], ['linear 1-2']],
    ['no alternatives', ['block ip.src == 192.0.2.1 or tcp.dstport == 80'], ['linear 1']],
    ['nothing of a payload that only programs read', ['block len(udp.payload) == 3'], ['linear 1']],
    ['no list', ['block ip.src in $resolvers'], ['linear 1']],
    [
      'a rule that logs stands between two',
      ['block ip.src == 192.0.2.1', 'log ip.src == 192.0.2.2', 'block ip.src == 192.0.2.3'],
      ['map_saddr 1', 'linear 2', 'map_saddr_2 3'],
    ],
    [
      'a disabled rule too',
      ['block ip.src == 192.0.2.1', 'off block ip.src == 192.0.2.2', 'block ip.src == 192.0.2.3'],
      ['map_saddr 1', 'linear 2', 'map_saddr_2 3'],
    ],
    [
      'a rule of the other family does not part them',
      ['block ip.src == 192.0.2.1', 'log ip.src == 2001:db8::1', 'block ip.src == 192.0.2.3'],
      ['map_saddr 1-3'],
    ],
  ])('%s', (_, lines, expected) => {
    expect(stages(lines, 'verdict_map')).toEqual(expected);
  });
});

test('a map of IPv6 has names of IPv6', () => {
  const lines = ['block ip.src == 2001:db8::1 and ip.ttl == 1', 'block ip.src == 2001:db8::2 and ip.ttl == 2'];
  expect(stages(lines, 'verdict_map', 'ip6')).toEqual(['map_hoplimit_saddr 1-2']);
});

describe('a guard is what all have alike and no key needs', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['the protocol of ports', ['block tcp.dstport == 80', 'block tcp.dstport == 81'], ['l4proto in {6}']],
    ['nothing where it differs', ['block tcp.dstport == 80', 'block udp.dstport == 80'], []],
    [
      'a range',
      ['block ip.ttl > 9 and ip.src == 192.0.2.1', 'block ip.ttl > 9 and ip.src == 192.0.2.2'],
      ['network[8+1] in {10..255}'],
    ],
    [
      'several values',
      [
        'block tcp.dstport == 80 and ip.src in {192.0.2.1 192.0.2.3}',
        'block tcp.dstport == 81 and ip.src in {192.0.2.1 192.0.2.3}',
      ],
      ['l4proto in {6}', 'network[12+4] in {192.0.2.1 192.0.2.3}'],
    ],
    [
      'no single address, so that one rule may have another',
      ['block tcp.dstport == 80 and ip.src == 192.0.2.1', 'block tcp.dstport == 81 and ip.src == 192.0.2.1'],
      ['l4proto in {6}'],
    ],
  ])('%s', (_, lines, expected) => {
    const [stage] = planOf(rulesOf(lines), { stages: 'verdict_map' }).stages.ip;
    expect(stage?.kind === 'verdict_map' ? stage.guards.map(printFormula) : 'no map').toEqual(expected);
  });
});

describe('what costs a packet the least is taken', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['no stage for no rule', [], []],
    ['no stage for rules of the other family', ['block ip.src == 2001:db8::1'], []],
    ['a few rules stay rules', times(6, 'block ip.src == 192.0.2.#'), ['linear 1-6']],
    [
      'many exact rules are a map',
      times(100, 'block ip.src == 192.0.2.# and tcp.dstport == #'),
      ['map_saddr_dport 1-100'],
    ],
    [
      'a map between rules',
      ['log ip.ttl < 9', ...times(100, 'block ip.src == 192.0.2.#'), 'block ip.ttl > 9', 'skip true'],
      ['linear 1', 'map_saddr 2-101', 'linear 102-103'],
    ],
    ['many others are a classifier', MIXED, ['classifier 1-80']],
    ['which takes the exact ones along', [...times(20, 'block ip.src == 192.0.2.#'), ...MIXED], ['classifier 1-100']],
    [
      'unless they are so many that a map pays for itself',
      [...times(10_000, 'block ip.src == 192.0.2.1 and tcp.dstport == #'), ...MIXED],
      ['map_saddr_dport 1-10000', 'classifier 10001-10080'],
    ],
    ['sixteen rules of any kind stay rules', MIXED.slice(0, 16), ['linear 1-16']],
    ['ten that need programs become one', times(10, 'block ends_with(udp.payload, "token#")'), ['classifier 1-10']],
    ['one that needs a program stays a rule', ['block ends_with(udp.payload, "token")', 'block true'], ['linear 1-2']],
    [
      'a hundred rules that log are tried faster than asked for afterwards',
      times(100, 'log ip.ttl == #'),
      ['linear 1-100'],
    ],
    ['one that logs goes with the others', ['log ip.ttl > 99', ...MIXED], ['classifier 1-81']],
  ])('%s', (_, lines, expected) => {
    expect(stages(lines, 'auto')).toEqual(expected);
  });
});

describe('a classifier that is asked for', () => {
  test.each<[string, readonly string[], 'auto' | 'nft' | 'ebpf', readonly string[]]>([
    [
      'takes all rules',
      ['log ip.ttl == 1', 'block udp.payload contains "a"', 'block ip.src == 192.0.2.1'],
      'auto',
      ['classifier 1-3'],
    ],
    ['of the family', ['block ip.src == 192.0.2.1', 'block ip.src == 2001:db8::1'], 'auto', ['classifier 1']],
    ['also where rules are to be programs', ['block ip.ttl == 1'], 'ebpf', ['classifier 1']],
    ['not where they are to be in nftables', ['block ip.ttl == 1'], 'nft', ['linear 1']],
  ])('%s', (_, lines, choice, expected) => {
    expect(planOf(rulesOf(lines), { choice, stages: 'classifier' }).stages.ip.map(print)).toEqual(expected);
  });

  test('that cannot be built is told of', () => {
    const [stage] = planOf(rulesOf(['block ip.ttl == 1']), { choice: 'nft', stages: 'classifier' }).stages.ip;
    expect(stage?.reason).toBe('no classifier: nftables alone is asked for');
  });
});

test('linear stages can be asked for', () => {
  expect(stages(times(100, 'block ip.src == 192.0.2.#'), 'linear')).toEqual(['linear 1-100']);
});

test('the backend ebpf has a program for each rule, unless stages are asked for', () => {
  const rules = rulesOf(times(20, 'block ip.src == 192.0.2.#'));
  expect(planOf(rules, { choice: 'ebpf' }).stages.ip.map(print)).toEqual(['linear 1-20']);
  expect(planOf(rules, { choice: 'ebpf', stages: 'verdict_map' }).stages.ip.map(print)).toEqual(['map_saddr 1-20']);
});
