// rampart analyze: what can be proved of the rules of a policy: which match nothing, match everything, come too late, or
// are in conflict with an earlier rule. Status 1 says that there is something to look at.

import { analyze, DEFAULT_BUDGET } from '../analysis/analyze';
import type { Finding, RuleAnalysis } from '../analysis/finding';
import { compileRuleset, DEFAULT_OPTIONS } from '../compile';
import type { Register } from './command';
import { EXIT } from './exit-code';
import { accepted, givenRules } from './given-rules';
import { type RulesOption, type SiteOption, siteOf, withBudget, withRules, withSite } from './options';
import { textTable } from './text-table';

interface AnalyzeOptions extends RulesOption, SiteOption {
  readonly budget: number;
}

export const register: Register = (program, act) => {
  const command = program
    .command('analyze')
    .description('proves which rules never match, always match, come too late or conflict; status 1 if any does');
  withBudget(withRules(withSite(command)), DEFAULT_BUDGET).action(
    act((output, { budget, ...options }: AnalyzeOptions) => {
      const given = givenRules(options);
      // Before any rewrite: scans that a rewrite joined into one could no longer be compared with other rules'.
      const ruleset = accepted(
        given,
        compileRuleset(given.text, { ...DEFAULT_OPTIONS, optimise: false, site: siteOf(options) }),
      );
      const rules = analyze(ruleset.rules, budget);
      output.print({ rules }, () => report(rules));
      return rules.some(({ findings }) => findings.length > 0) ? EXIT.refused : EXIT.done;
    }),
  );
};

function report(rules: readonly RuleAnalysis[]): string {
  const found = rules.flatMap(rule => rule.findings.map(finding => ({ rule, finding })));
  if (found.length === 0) return `nothing found in ${rules.length === 1 ? 'one rule' : `${rules.length} rules`}`;
  const rows = found.map(({ rule, finding }) => [
    String(rule.index),
    rule.ref,
    rule.enabled ? rule.action : `${rule.action}, disabled`,
    finding.kind.replace('_', ' '),
    finding.family,
    finding.by.join(' '),
  ]);
  const details = found.map(({ rule, finding }) => detail(rule, finding));
  const more = rules.filter(rule => rule.more_conflicts).map(({ ref }) => `${ref}: there may be more conflicts`);
  return [textTable(['rule', 'ref', 'action', 'finding', 'family', 'by'], rows), ...details, ...more].join('\n\n');
}

function detail({ ref }: RuleAnalysis, { kind, by, reason, witness, in_iface }: Finding): string {
  const rules = by.length === 0 ? '' : ` ${kind === 'shadowed' ? 'by' : 'with'} ${by.join(', ')}`;
  const from = in_iface === null ? '' : ` from ${in_iface}`;
  const packet = witness === null ? '' : `\n  packet${from}: ${witness}`;
  return `${ref}: ${kind.replace('_', ' ')}${rules}\n  ${reason}${packet}`;
}
