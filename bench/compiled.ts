// A policy of the benchmarks compiled: what cannot be compiled is a fault of the benchmark's.

import { compileRuleset, DEFAULT_OPTIONS, type Outcome, type RulesetText } from '../src/compile';
import { compilePlan } from '../src/compile-plan';
import { printDiagnostic } from '../src/diagnostic/print';
import type { Ruleset } from '../src/ir/ruleset';
import type { Plan } from '../src/plan';
import type { StageChoice } from '../src/stage/stage';

export function compiledRuleset(text: RulesetText): Ruleset {
  return accepted(compileRuleset(text));
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
