// Warnings of the compiler: reports like those of errors. With --json they are a part of the result, otherwise they go to
// standard error, and nothing else changes.

import type { JudgedRule } from '../compile';
import type { ErrorReport } from '../report/error-report';
import { expressionReports, expressionsOf, type JudgedExpression } from '../report/expression-report';
import type { GivenRules } from './given-rules';
import type { Output } from './output';
import { printReport } from './output-error';

export function warningReports(given: GivenRules, warned: readonly JudgedRule[]): readonly ErrorReport[] {
  return judgedExpressions(given, warned).flatMap(expressionReports);
}

function judgedExpressions(given: GivenRules, warned: readonly JudgedRule[]): readonly JudgedExpression[] {
  return given.kind === 'policy'
    ? expressionsOf(given.file, given.policy, warned)
    : warned.map(({ diagnostics }) => ({ expression: given.expression, diagnostics }));
}

export function printWarnings(output: Output, warnings: readonly ErrorReport[]): void {
  for (const warning of warnings) output.note(printReport(warning, 'warning: '));
}
