// A policy of the benchmarks compiled: what cannot be compiled is a fault of the benchmark's.

import { compileRuleset, DEFAULT_OPTIONS, type Outcome, type RulesetText, type RuleText } from '../src/compile';
import { compilePlan } from '../src/compile-plan';
import { invariant } from '../src/diagnostic/invariant';
import { printDiagnostic } from '../src/diagnostic/print';
import type { Rule, Ruleset } from '../src/ir/ruleset';
import type { Plan } from '../src/plan';
import type { StageChoice } from '../src/stage/stage';

export function compiledRuleset(text: RulesetText): Ruleset {
  return accepted(compileRuleset(text));
}

/** One rule for the place of another. */
export function compiledRule(rule: RuleText): Rule {
  const [only] = compiledRuleset({ account: 'bench', lists: new Map(), rules: [rule] }).rules;
  invariant(only !== undefined, 'a rule that is compiled is there');
  return only;
}

export function compiledPlan(ruleset: Ruleset, stages: StageChoice = 'auto'): Plan {
  return compilePlan(ruleset, { ...DEFAULT_OPTIONS, stages });
}

function accepted<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const said = outcome.refused.flatMap(({ expression, diagnostics }) =>
    diagnostics.map(each => printDiagnostic(expression, each)),
  );
  throw new Error(said.join('\n'));
}
