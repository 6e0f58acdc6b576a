// Each rewrite by its own table: formula before, formula after, both written out.

import { and, FALSE, type Formula, test as irTest, type Load, not, or, type Test } from '../../../src/ir/formula';
import { printFormula } from '../../../src/ir/print';
import { complementGuarded } from '../../../src/ir/rewrite/complement-guarded';
import { dropProved } from '../../../src/ir/rewrite/drop-proved';
import { factorGuards } from '../../../src/ir/rewrite/factor-guards';
import { mergeScans } from '../../../src/ir/rewrite/merge-scans';
import { mergeTests } from '../../../src/ir/rewrite/merge-tests';
import { settlePresent } from '../../../src/ir/rewrite/settle-present';
import { lowerScan } from '../../../src/ir/scan';
import { normalize } from '../../../src/net/interval-set';
import type { Segment } from '../../../src/packet/packet';

type Values = readonly (number | readonly [number, number])[];

function values(list: Values) {
  return normalize(
    list
      .map(each => (typeof each === 'number' ? [each, each] : each))
      .map(([a, b]) => ({ from: BigInt(a), to: BigInt(b) })),
  );
}

function bytes(segment: Segment, offset: number, length: number, ...list: Values): Test {
  const load: Load = { kind: 'bytes', segment, from: 'start', offset, length };
  return irTest(load, values(list));
}

const PROTO = (...list: Values): Test => irTest({ kind: 'l4proto' }, values(list));
const DPORT = (...list: Values): Test => bytes('transport', 2, 2, ...list);
const SPORT = (...list: Values): Test => bytes('transport', 0, 2, ...list);
const TTL = (...list: Values): Test => bytes('network', 8, 1, ...list);
const LISTED: Test = { ...bytes('network', 12, 4, 1), list: 'office' };

function text(...lines: readonly string[]): string {
  return lines.join('\n');
}

describe('mergeTests', () => {
  test.each<[string, Formula, string]>([
    ['unites alternatives of one load', or([DPORT(80), DPORT(443)]), 'transport[2+2] in {80 443}'],
    ['intersects conditions on one load', and([DPORT([1, 100]), DPORT([50, 200])]), 'transport[2+2] in {50..100}'],
    ['finds a contradiction', and([DPORT(80), DPORT(443)]), 'false'],
    [
      'leaves different loads alone',
      and([DPORT(80), SPORT(80)]),
      text('and', '  transport[2+2] in {80}', '  transport[0+2] in {80}'),
    ],
    [
      'does not mix a masked load with the plain one',
      or([bytes('transport', 13, 1, 2), { ...bytes('transport', 13, 1, 2), mask: 2n }]),
      text('or', '  transport[13+1] in {2}', '  transport[13+1] & 0x2 in {2}'),
    ],
    [
      'leaves a list its name',
      or([LISTED, bytes('network', 12, 4, 2)]),
      text('or', '  network[12+4] in {0x1} from $office', '  network[12+4] in {0x2}'),
    ],
    [
      'does not merge across not',
      or([DPORT(80), not(DPORT(443))]),
      text('or', '  transport[2+2] in {80}', '  not', '    transport[2+2] in {443}'),
    ],
  ])('%s', (_, before, after) => {
    expect(printFormula(mergeTests(before))).toBe(after);
  });
});

describe('settlePresent', () => {
  test.each<[string, 'ip' | 'ip6', Formula, string]>([
    ['complements a negated test on the fixed header', 'ip', not(TTL(64)), 'network[8+1] in {0..63 65..255}'],
    ['is true for every value of a byte that is always there', 'ip', TTL([0, 255]), 'true'],
    ['keeps asking for a byte of the options', 'ip', bytes('network', 20, 1, [0, 255]), 'network[20+1] in {0..255}'],
    ['knows that IPv6 has 40 fixed bytes', 'ip6', bytes('network', 39, 1, [0, 255]), 'true'],
    ['knows that IPv4 has 20', 'ip', bytes('network', 19, 2, [0, 65535]), 'network[19+2] in {0..65535}'],
    ['keeps a negated transport test', 'ip', not(DPORT(80)), text('not', '  transport[2+2] in {80}')],
    ['complements the protocol of IPv4', 'ip', not(PROTO(6)), 'l4proto in {0..5 7..255}'],
    ['keeps the negated protocol of IPv6, which can be absent', 'ip6', not(PROTO(6)), text('not', '  l4proto in {6}')],
  ])('%s', (_, family, before, after) => {
    expect(printFormula(settlePresent(before, family))).toBe(after);
  });
});

describe('complementGuarded', () => {
  test.each<[string, Formula, string]>([
    [
      'uses a later byte of the same segment as proof',
      and([DPORT(80), not(SPORT(53))]),
      text('and', '  transport[2+2] in {80}', '  transport[0+2] in {0..52 54..65535}'),
    ],
    [
      'does not take an earlier byte as proof',
      and([SPORT(53), not(DPORT(80))]),
      text('and', '  transport[0+2] in {53}', '  not', '    transport[2+2] in {80}'),
    ],
    [
      'does not take the protocol as proof of its header',
      and([PROTO(6), not(DPORT(80))]),
      text('and', '  l4proto in {6}', '  not', '    transport[2+2] in {80}'),
    ],
    [
      'takes a transport byte as proof of a protocol',
      and([DPORT(80), not(PROTO(17))]),
      text('and', '  transport[2+2] in {80}', '  l4proto in {0..16 18..255}'),
    ],
    [
      'does not take an alternative as proof',
      or([DPORT(80), not(SPORT(53))]),
      text('or', '  transport[2+2] in {80}', '  not', '    transport[0+2] in {53}'),
    ],
    ['is a contradiction where every present value was refused', and([DPORT(80), not(SPORT([0, 65535]))]), 'false'],
  ])('%s', (_, before, after) => {
    expect(printFormula(complementGuarded(before))).toBe(after);
  });
});

describe('factorGuards', () => {
  test.each<[string, Formula, string]>([
    [
      'shares the protocol of two alternatives',
      or([and([PROTO(6), DPORT(80)]), and([PROTO(6), SPORT(80)])]),
      text('and', '  l4proto in {6}', '  or', '    transport[2+2] in {80}', '    transport[0+2] in {80}'),
    ],
    [
      'keeps different protocols apart',
      or([and([PROTO(6), DPORT(80)]), and([PROTO(17), DPORT(80)])]),
      text(
        'or',
        '  and',
        '    l4proto in {6}',
        '    transport[2+2] in {80}',
        '  and',
        '    l4proto in {17}',
        '    transport[2+2] in {80}',
      ),
    ],
    ['absorbs what the bare protocol already says', or([PROTO(6), and([PROTO(6), DPORT(80)])]), 'l4proto in {6}'],
  ])('%s', (_, before, after) => {
    expect(printFormula(factorGuards(before))).toBe(after);
  });
});

describe('dropProved', () => {
  test.each<[string, Formula, string]>([
    [
      'does not ask again inside a negation',
      and([PROTO(6), DPORT(80), not(and([PROTO(6), SPORT(80)]))]),
      text('and', '  l4proto in {6}', '  transport[2+2] in {80}', '  not', '    transport[0+2] in {80}'),
    ],
    [
      'is a contradiction when all of the negation is proved',
      and([PROTO(6), DPORT(80), not(and([PROTO(6), DPORT([1, 100])]))]),
      'false',
    ],
    [
      'keeps what the conjunction does not prove',
      and([PROTO(6, 17), not(and([PROTO(6), SPORT(80)]))]),
      text('and', '  l4proto in {6 17}', '  not', '    and', '      l4proto in {6}', '      transport[0+2] in {80}'),
    ],
  ])('%s', (_, before, after) => {
    expect(printFormula(dropProved(before))).toBe(after);
  });
});

describe('mergeScans', () => {
  const place = { start: 0, end: 0 };
  const contains = (segment: Segment, text: string): Formula => {
    const right = { kind: 'bytes', value: Buffer.from(text), form: 'quoted', span: place } as const;
    return lowerScan({ guards: [], segment }, { kind: 'contains', right }) ?? FALSE;
  };
  test.each<[string, Formula, string]>([
    [
      'looks for two things at once',
      or([contains('udp_payload', 'a'), contains('udp_payload', 'b')]),
      'udp_payload contains 0x61 or contains 0x62',
    ],
    [
      'keeps segments apart',
      or([contains('udp_payload', 'a'), contains('tcp_payload', 'b')]),
      text('or', '  udp_payload contains 0x61', '  tcp_payload contains 0x62'),
    ],
    [
      'leaves conjunctions alone',
      and([contains('udp_payload', 'a'), contains('udp_payload', 'b')]),
      text('and', '  udp_payload contains 0x61', '  udp_payload contains 0x62'),
    ],
  ])('%s', (_, before, after) => {
    expect(printFormula(mergeScans(before))).toBe(after);
  });
});
