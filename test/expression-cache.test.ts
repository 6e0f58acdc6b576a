// The same content gives the same objects, other content never does, and a cache stays within its limit.

import { type CompileOptions, compileRuleset, DEFAULT_OPTIONS, type RulesetText, type RuleText } from '../src/compile';
import { ExpressionCache } from '../src/expression-cache';
import type { AddressRange, Lists } from '../src/ir/address';
import type { Rule } from '../src/ir/ruleset';

const OFFICE: Lists = new Map([['office', [range(0xc0000200n, 0xc00002ffn)]]]);
const OFFICE_MOVED: Lists = new Map([['office', [range(0xc6336400n, 0xc63364ffn)]]]);
const OFFICE_AND_HOME: Lists = new Map([...OFFICE, ['home', [range(1n, 2n)]]]);

function range(from: bigint, to: bigint): AddressRange {
  return { family: 4, from, to };
}

interface Given extends Partial<RuleText> {
  readonly lists?: Lists;
  readonly options?: Partial<CompileOptions>;
}

function text({ lists = new Map(), options: _, ...rule }: Given): RulesetText {
  const whole = {
    index: 1,
    ref: 'web',
    action: 'block',
    enabled: true,
    expression: 'tcp.dstport == 80',
    ...rule,
  } as const;
  return { account: 'test', lists, rules: [whole] };
}

function compiled(given: Given, cache: ExpressionCache): Rule {
  const result = compileRuleset(text(given), { ...DEFAULT_OPTIONS, ...given.options }, cache);
  const rule = result.ok ? result.value.rules[0] : undefined;
  if (rule === undefined) throw new Error(`refused: ${given.expression}`);
  return rule;
}

describe('a rule compiled after another one', () => {
  test.each<[string, Given, Given, { rule: boolean; formula: boolean }]>([
    ['is the same object where all is equal', {}, {}, { rule: true, formula: true }],
    ['is another of the same formula under another ref', {}, { ref: 'mail' }, { rule: false, formula: true }],
    ['is another of the same formula at another place', {}, { index: 2 }, { rule: false, formula: true }],
    ['is another of the same formula with another action', {}, { action: 'skip' }, { rule: false, formula: true }],
    ['is another of the same formula when disabled', {}, { enabled: false }, { rule: false, formula: true }],
    [
      'has another formula where the text differs',
      {},
      { expression: 'tcp.dstport == 81' },
      { rule: false, formula: false },
    ],
    ['has another formula without the rewrites', {}, { options: { optimise: false } }, { rule: false, formula: false }],
    [
      'has another formula on another host',
      { options: { site: { colo_name: 'ams' } } },
      { options: { site: { colo_name: 'lhr' } } },
      { rule: false, formula: false },
    ],
    [
      'is the same object where the lists are other objects with the same content',
      { expression: 'ip.src in $office', lists: OFFICE },
      { expression: 'ip.src in $office', lists: new Map([['office', [range(0xc0000200n, 0xc00002ffn)]]]) },
      { rule: true, formula: true },
    ],
    [
      'is the same object where a list has come that it does not name',
      { expression: 'ip.src in $office', lists: OFFICE },
      { expression: 'ip.src in $office', lists: OFFICE_AND_HOME },
      { rule: true, formula: true },
    ],
    [
      'has another formula where the list that it names has other content',
      { expression: 'ip.src in $office', lists: OFFICE },
      { expression: 'ip.src in $office', lists: OFFICE_MOVED },
      { rule: false, formula: false },
    ],
  ])('%s', (_, first, second, expected) => {
    const cache = new ExpressionCache();
    const [before, after] = [compiled(first, cache), compiled(second, cache)];
    expect({ rule: after === before, formula: after.formula === before.formula }).toEqual(expected);
  });
});

test('what an expression compiles to does not depend on what was compiled before', () => {
  const cache = new ExpressionCache();
  compiled({ expression: 'ip.src in $office', lists: OFFICE }, cache);
  const fresh = compiled({ expression: 'ip.src in $office', lists: OFFICE_MOVED }, new ExpressionCache());
  expect(compiled({ expression: 'ip.src in $office', lists: OFFICE_MOVED }, cache)).toEqual(fresh);
});

test('a list that is gone is missed again', () => {
  const cache = new ExpressionCache();
  compiled({ expression: 'ip.src in $office', lists: OFFICE }, cache);
  const again = compileRuleset(text({ expression: 'ip.src in $office' }), DEFAULT_OPTIONS, cache);
  expect(again.ok ? [] : again.refused.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code))).toEqual([
    'RF2010',
  ]);
});

test('warnings come each time', () => {
  const cache = new ExpressionCache();
  const codes = () => {
    const result = compileRuleset(text({ expression: 'tcp.srcport ne 80' }), DEFAULT_OPTIONS, cache);
    return result.ok ? result.warned.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)) : undefined;
  };
  const first = codes();
  expect(first).toHaveLength(1);
  expect(codes()).toEqual(first);
});

describe('a full cache', () => {
  // With its key an expression takes about 30 of a half's 100 characters: three fit, the fourth begins a new half.
  const port = (number: number) => ({ expression: `tcp.dstport == ${number}` });

  test('forgets what was not asked for the longest', () => {
    const cache = new ExpressionCache(200);
    const before = compiled(port(1), cache);
    for (const number of [2, 3, 4, 5, 6, 7]) compiled(port(number), cache);
    expect(compiled(port(1), cache)).not.toBe(before);
  });

  test('keeps what is asked for again and again', () => {
    const cache = new ExpressionCache(200);
    const before = compiled(port(1), cache);
    for (const number of [2, 3, 4, 5, 6, 7, 8, 9]) {
      compiled(port(number), cache);
      expect(compiled(port(1), cache)).toBe(before);
    }
  });

  test('still compiles what is larger than it', () => {
    expect(compiled(port(1), new ExpressionCache(0)).ref).toBe('web');
  });
});
