// Policies written for the tests of the analysis: one rule a line, its action before its expression.

import { analyze } from '../../src/analysis/analyze';
import type { RuleAnalysis } from '../../src/analysis/finding';
import { compileRuleset, DEFAULT_OPTIONS, type RuleText } from '../../src/compile';
import type { Rule } from '../../src/ir/ruleset';
import { ADDRESS_LISTS } from '../packet/rules';

/** `block tcp.dstport == 80`; `disabled block …` is a disabled rule. The n-th rule's ref is rn. */
export function rulesOf(lines: readonly string[]): readonly Rule[] {
  const compiled = compileRuleset(
    { account: 'tests', lists: ADDRESS_LISTS, rules: lines.map(ruleText) },
    { ...DEFAULT_OPTIONS, optimise: false },
  );
  if (!compiled.ok) throw new Error(`the policy is refused: ${JSON.stringify(compiled.refused, null, 2)}`);
  return compiled.value.rules;
}

function ruleText(line: string, position: number): RuleText {
  const [, disabled, action, expression] = /^(disabled )?(block|skip|log) (.*)$/s.exec(line) ?? [];
  if (expression === undefined) throw new Error(`${line} is no rule`);
  const index = position + 1;
  return { index, ref: `r${index}`, action: action as Rule['action'], enabled: disabled === undefined, expression };
}

export function analysisOf(lines: readonly string[], budget?: number): readonly RuleAnalysis[] {
  return analyze(rulesOf(lines), budget);
}

/** `r3: shadowed ip by r1 r2`, for each finding. */
export function findingsOf(analyses: readonly RuleAnalysis[]): string[] {
  return analyses.flatMap(({ ref, findings }) =>
    findings.map(({ kind, family, by }) =>
      [`${ref}: ${kind} ${family}`, ...(by.length ? ['by', ...by] : [])].join(' '),
    ),
  );
}
