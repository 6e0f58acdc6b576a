// The rules that a command line names, as text for the compiler: those of a policy file, or one expression. What is
// wrong with them is thrown as errors that point into the file or the expression.

import type { Account } from '../account/account';
import { readPolicyFile } from '../account/policy-file';
import type { Outcome, RulesetText } from '../compile';
import { ExpressionError, refusedPolicy } from '../report/expression-report';
import { UsageError } from './command';
import type { RulesOption } from './options';

export type GivenRules =
  | { readonly kind: 'policy'; readonly file: string; readonly policy: Account; readonly text: RulesetText }
  | { readonly kind: 'expression'; readonly expression: string; readonly text: RulesetText };

const NO_ACCOUNT = '0'.repeat(32);

export function givenRules({ expr, file }: RulesOption): GivenRules {
  const policy = file === undefined ? undefined : readPolicyFile(file);
  if (expr !== undefined) {
    const rule = { index: 1, ref: '1', action: 'block', enabled: true, expression: expr } as const;
    const text = { account: NO_ACCOUNT, lists: policy?.lists ?? new Map(), rules: [rule] };
    return { kind: 'expression', expression: expr, text };
  }
  if (file === undefined || policy === undefined)
    throw new UsageError('no rules are given', 'give --expr E or -f POLICY');
  return { kind: 'policy', file, policy, text: policy };
}

/** The compiler's result, or its refusal thrown. */
export function accepted<T>(given: GivenRules, outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  if (given.kind === 'policy') throw refusedPolicy(given.file, given.policy, outcome.refused);
  throw new ExpressionError(outcome.refused.map(({ diagnostics }) => ({ expression: given.expression, diagnostics })));
}
