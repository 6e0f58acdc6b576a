// An account's rules as a plan, made from the plan in force: what did not change is the same object, so that only what
// did is sent.

import type { Policy } from '../account/policy';
import { type CompileOptions, compile, compileRuleset, type JudgedRule } from '../compile';
import { optionsAfter } from '../compile-plan';
import type { Rule, Ruleset } from '../ir/ruleset';
import type { Plan } from '../plan';
import { changeRule } from '../plan-change';

/** Rules that the compiler does not take. What was in force stays. */
export class RefusedRulesError extends Error {
  override readonly name = 'RefusedRulesError';
  readonly code = 'rules.refused';
  readonly cure = 'mend them and put the account again';

  constructor(readonly refused: readonly JudgedRule[]) {
    super(refused.length === 1 ? 'a rule is refused' : `${refused.length} rules are refused`);
  }
}

/** Throws RefusedRulesError. */
export function compileAccount(policy: Policy, before: Plan | undefined, options: CompileOptions): Plan {
  const changed = before && withOneRuleChanged(policy, before, options);
  if (changed !== undefined) return changed;
  const outcome = compile(policy, { ...options, ...(before && optionsAfter(before)) });
  if (!outcome.ok) throw new RefusedRulesError(outcome.refused);
  return outcome.value;
}

/** The plan before where nothing changed. Rules that are the same are the same object (expression-cache.ts). */
function withOneRuleChanged(policy: Policy, before: Plan, options: CompileOptions): Plan | undefined {
  if (options.choice === 'nft') return undefined;
  const compiled = compileRuleset(policy, options);
  if (!compiled.ok) throw new RefusedRulesError(compiled.refused);
  const changes = changedPositions(before.ruleset, compiled.value);
  const [position] = changes ?? [];
  if (changes === undefined || changes.length > 1) return undefined;
  if (position === undefined) return before;
  return changeRule(before, position, compiled.value.rules[position] as Rule);
}

/** Two at the most; undefined where there are more rules or fewer. */
function changedPositions(before: Ruleset, after: Ruleset): readonly number[] | undefined {
  if (before.rules.length !== after.rules.length) return undefined;
  const changes: number[] = [];
  for (const [position, rule] of after.rules.entries()) {
    if (rule === before.rules[position]) continue;
    changes.push(position);
    if (changes.length > 1) break;
  }
  return changes;
}
