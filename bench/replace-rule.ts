// One rule of an enforced policy becomes another: the plan changed, and what differs sent.

import { compileRuleset, type RuleText } from '../src/compile';
import type { Rule } from '../src/ir/ruleset';
import { changeRule } from '../src/plan-change';
import type { Enforcement } from '../src/reconcile/enforcement';
import { compiledPlan } from './compiled';

export function compiledRule(rule: RuleText): Rule {
  const compiled = compileRuleset({ account: 'bench', lists: new Map(), rules: [rule] });
  const [only] = compiled.ok ? compiled.value.rules : [];
  if (only === undefined) throw new Error(`${rule.expression} is refused`);
  return only;
}

export async function replaceRule(enforcement: Enforcement, position: number, rule: Rule): Promise<void> {
  const { plan } = enforcement;
  if (plan === undefined) throw new Error('nothing is in force yet');
  const ruleset = { ...plan.ruleset, rules: plan.ruleset.rules.with(position, rule) };
  await enforcement.apply(changeRule(plan, position, rule) ?? compiledPlan(ruleset));
}
