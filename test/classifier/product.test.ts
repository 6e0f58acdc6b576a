// Formulas as alternatives of literals: negation takes absence in, what no dimension says stays a test, and what would take
// too many alternatives is one.

import { buildClassifier } from '../../src/classifier/build';
import { DEFAULT_LIMITS, type Limits } from '../../src/classifier/classifier';
import { opaqueTest, type Product, productsOf, type Space } from '../../src/classifier/product';
import { chooseSubjects } from '../../src/classifier/subject';
import { and, type Formula, not, or, xor } from '../../src/ir/formula';
import { printFormula } from '../../src/ir/print';
import type { Rule } from '../../src/ir/ruleset';
import { DPORT, LENGTH, PROTO, SPORT, TTL } from '../ir/rewrite/formulas';

const NAMES = ['proto', 'dport', 'ttl'];

/** Three dimensions; source ports and lengths are none. */
function spaceOf(mostProducts: number): Space {
  const each = [PROTO(6), DPORT(80), TTL(1)].map(formula => [...chooseSubjects([formula], 1)][0]);
  const found = each.flatMap(entry => (entry === undefined ? [] : [entry]));
  return {
    subjects: found.map(([, subject]) => subject),
    dimensions: new Map(found.map(([key], index) => [key, index])),
    mostProducts,
    unmasked: new Map(),
    complements: new Map(),
    met: new Map(),
  };
}

function print(product: Product): string {
  const literals = product.literals.map(({ dimension, values, absent }) => {
    const ranges = values.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
    return `${NAMES[dimension]} ${[...ranges, ...(absent ? ['absent'] : [])].join(' ')}`;
  });
  const test = opaqueTest(product);
  return [...literals, ...(test === undefined ? [] : [`[${printFormula(test).replace(/\s+/g, ' ')}]`])].join(', ');
}

test.each<[string, Formula, readonly string[]]>([
  ['a test', DPORT(80), ['dport 80']],
  ['its negation holds of what has no such bytes', not(DPORT(80)), ['dport 0-79 81-65535 absent']],
  ['presence', DPORT([0, 65535]), ['dport 0-65535']],
  ['absence', not(DPORT([0, 65535])), ['dport absent']],
  ['both of two fields', and([PROTO(6), DPORT(80)]), ['proto 6, dport 80']],
  ['two tests of one field', and([DPORT([1, 90]), DPORT([80, 100])]), ['dport 80-90']],
  ['what contradicts itself', and([DPORT(80), DPORT(81), TTL(1)]), []],
  ['absent and not', and([DPORT(80), not(DPORT([0, 65535]))]), []],
  ['either of one field', or([DPORT(80), DPORT(443)]), ['dport 80 443']],
  ['either of two fields', or([DPORT(80), TTL(1)]), ['dport 80', 'ttl 1']],
  ['neither', not(or([DPORT(80), TTL(1)])), ['dport 0-79 81-65535 absent, ttl 0 2-255 absent']],
  ['not both', not(and([PROTO(6), DPORT(80)])), ['proto 0-5 7-255 absent', 'dport 0-79 81-65535 absent']],
  [
    'one and not the other',
    xor([PROTO(6), DPORT(80)]),
    ['proto 0-5 7-255 absent, dport 80', 'proto 6, dport 0-79 81-65535 absent'],
  ],
  [
    'both or none',
    not(xor([PROTO(6), DPORT(80)])),
    ['proto 6, dport 80', 'proto 0-5 7-255 absent, dport 0-79 81-65535 absent'],
  ],
  [
    'an exclusive or inside another',
    xor([TTL(1), and([PROTO(6), xor([DPORT(80), TTL(2)])])]),
    ['[xor network[8+1] in {1} and l4proto in {6} xor transport[2+2] in {80} network[8+1] in {2}]'],
  ],
  ['a field that is no dimension', SPORT(53), ['[transport[0+2] in {53}]']],
  ['beside others', and([PROTO(17), not(SPORT(53)), DPORT(80)]), ['proto 17, dport 80, [not transport[0+2] in {53}]']],
  ['two of them', and([SPORT(53), LENGTH(60)]), ['[and transport[0+2] in {53} length(network) in {60}]']],
  [
    'a choice among choices',
    and([or([PROTO(6), TTL(1)]), or([DPORT(80), TTL(2)])]),
    ['proto 6, dport 80', 'proto 6, ttl 2', 'ttl 1, dport 80'],
  ],
  ['all or something', or([DPORT([0, 65535]), not(DPORT([0, 65535])), TTL(1)]), ['']],
])('%s', (_, formula, expected) => {
  expect(productsOf(formula, spaceOf(16)).map(print)).toEqual(expected);
});

test('the factor with most alternatives is asked of the packet where there would be too many', () => {
  const many = or([PROTO(6), DPORT(80), TTL(1)]);
  expect(productsOf(and([many, or([PROTO(17), TTL(2)])]), spaceOf(4)).map(print)).toEqual([
    'proto 17, [or l4proto in {6} transport[2+2] in {80} network[8+1] in {1}]',
    'ttl 2, [or l4proto in {6} transport[2+2] in {80} network[8+1] in {1}]',
  ]);
});

test('masks on bytes are values of the byte', () => {
  const odd: Formula = { ...TTL(1), mask: 1n };
  const [product] = productsOf(odd, spaceOf(16));
  expect(product?.literals[0]?.values).toHaveLength(128);
  expect(product?.literals[0]?.values[0]).toEqual({ from: 1n, to: 1n });
});

const RULES: readonly Rule[] = [SPORT(1), DPORT(2), TTL(3), or([SPORT(7), DPORT(8), TTL(9)])].map((ip, position) => ({
  index: position + 1,
  ref: String(position + 1),
  action: 'block',
  enabled: true,
  formula: { ip, ip6: ip },
}));

test.each<[Partial<Limits>, string]>([
  [{ entries: 5 }, 'they are more than 5 entries'],
  [{ dimensions: 2, tests: 0 }, 'they need more than 0 tests of the packet'],
  [{ slotBytes: 100_000 }, 'their tables take 302912 bytes'],
])('limits %j are told: %s', (limits, refused) => {
  expect(buildClassifier(RULES, 'ip', { ...DEFAULT_LIMITS, ...limits })).toEqual({ refused });
});
