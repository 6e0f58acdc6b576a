// What the compiler says of expressions, errors and warnings, as reports: every diagnostic with its line of source and
// carets, placed in the policy file where the expression comes from one.

import type { Policy, PolicyRule } from '../account/policy';
import { placeInScalar } from '../account/scalar-place';
import type { Diagnostic } from '../diagnostic/diagnostic';
import { excerpt } from '../diagnostic/excerpt';
import { invariant } from '../diagnostic/invariant';
import { positionOf } from '../diagnostic/position';
import type { Span } from '../diagnostic/span';
import type { ErrorReport } from './error-report';

export interface JudgedExpression {
  readonly expression: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Absent for an expression of the command line. */
  readonly source?: { readonly file: string; readonly rule: PolicyRule };
}

export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly code = 'expression.refused';
  /** At least one. */
  readonly refused: readonly JudgedExpression[];

  constructor(refused: readonly JudgedExpression[]) {
    super(refused.length === 1 ? 'an expression is refused' : `${refused.length} expressions are refused`);
    this.refused = refused;
  }
}

/** What compile() says of a rule, by the rule's 1-based index. */
export interface JudgedRule {
  readonly index: number;
  readonly diagnostics: readonly Diagnostic[];
}

export function refusedPolicy(file: string, policy: Policy, refused: readonly JudgedRule[]): ExpressionError {
  return new ExpressionError(expressionsOf(file, policy, refused));
}

/** The same with the rules' expressions and places. */
export function expressionsOf(file: string, policy: Policy, judged: readonly JudgedRule[]): JudgedExpression[] {
  return judged.map(({ index, diagnostics }) => {
    const rule = policy.rules[index - 1];
    invariant(rule !== undefined, `the policy has no rule ${index}`);
    return { expression: rule.expression, diagnostics, source: { file, rule } };
  });
}

export function expressionReports({ expression, diagnostics, source }: JudgedExpression): ErrorReport[] {
  return diagnostics.map(({ code, kind, span, message, cure }) => {
    const shown = excerpt(expression, span);
    const { line, column, length } = positionOf(expression, span);
    return {
      code,
      ...placeOf(expression, span, source),
      message,
      cure,
      details: `${shown.line}\n${shown.carets}`,
      expression: { kind, line, column, length },
    };
  });
}

function placeOf(expression: string, { start }: Span, source: JudgedExpression['source']): Partial<ErrorReport> {
  if (source === undefined) {
    const { line, column } = positionOf(expression, { start, end: start });
    return { place: `${line}:${column}` };
  }
  const { file, rule } = source;
  const { line, column } = placeInScalar(rule.expressionSource, expression, start);
  return { place: `${file}:${line}:${column}`, path: rule.expressionSource.path, rule: rule.ref };
}
