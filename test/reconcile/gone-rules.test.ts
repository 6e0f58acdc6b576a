// Which rules a plan does not have any more, by hand: their counts are given up, all others' are carried on.

import type { Plan } from '../../src/plan';
import { changeRule } from '../../src/plan-change';
import { goneRules } from '../../src/reconcile/gone-rules';
import { planOf } from '../packet/rules';
import { rulesOf } from '../stage/policies';

const PORTS = ['block udp.dstport == 1', 'block udp.dstport == 2', 'block udp.dstport == 3'];

function plan(lines: readonly string[]): Plan {
  return planOf(rulesOf(lines));
}

/** Rule `number` has become the line, in the plan that changeRule() makes. */
function exchanged(before: Plan, number: number, line: string): Plan {
  const rule = plan(before.ruleset.rules.map(() => line)).ruleset.rules[number - 1];
  const after = rule && changeRule(before, number - 1, rule);
  if (after === undefined) throw new Error(`${line} does not fit`);
  return after;
}

test.each<[string, readonly string[], readonly string[]]>([
  ['nothing of the same policy', PORTS, []],
  ['a rule that says something else', ['block udp.dstport == 1', 'skip udp.dstport == 2', PORTS[2] as string], ['2']],
  ['rules at the end', ['block udp.dstport == 1'], ['2', '3']],
  ['all rules', [], ['1', '2', '3']],
])('of a plan compiled anew: %s', (_, lines, refs) => {
  expect(goneRules(plan(PORTS), plan(lines)).map(({ ref }) => ref)).toEqual(refs);
});

test('of a rule exchanged: that one', () => {
  const before = plan(PORTS);
  expect(goneRules(before, exchanged(before, 2, 'block udp.dstport == 4'))).toEqual([before.ruleset.rules[1]]);
});

test('of a rule exchanged for one that says the same: none', () => {
  const before = plan(PORTS);
  expect(goneRules(before, exchanged(before, 2, 'block udp.dstport == 2'))).toEqual([]);
});

test('of two rules exchanged one after the other: both, against the plan before them', () => {
  const before = plan(PORTS);
  const after = exchanged(exchanged(before, 1, 'block udp.dstport == 4'), 3, 'block udp.dstport == 5');
  expect(goneRules(before, after).map(({ ref }) => ref)).toEqual(['1', '3']);
});
