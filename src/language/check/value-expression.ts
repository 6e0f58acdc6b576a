// The second way to use the language: an expression that is one value of any type (a field, a call or an element)
// instead of a condition. A `[*]` at its end would be many values and is refused.

import type { Diagnostic } from '../../diagnostic/diagnostic';
import { span } from '../../diagnostic/span';
import type * as ast from '../ast';
import { type Limits, PACKET_LIMITS } from '../limits';
import type { Scheme } from '../scheme';
import { errorsOf, report, type Scope } from '../scope';
import { arrayOf, printType } from '../type';
import type { TypedValue } from '../typed-ast';
import { checkValue } from './value';

export type CheckedValue =
  | { readonly ok: true; readonly value: TypedValue }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export function checkValueExpression(
  expression: ast.Expression,
  scheme: Scheme,
  limits: Limits = PACKET_LIMITS,
): CheckedValue {
  const { source, extent, root } = expression;
  const scope: Scope = { source, extent, scheme, limits, diagnostics: [] };
  const value = onlyValue(scope, root);
  if (value?.each === true) {
    const words = { expected: printType(value.type), type: printType(arrayOf(value.type)) };
    report(scope, 'valueOfEach', value.span, words);
  }
  const errors = errorsOf(scope);
  return value === undefined || errors.length > 0 ? { ok: false, diagnostics: errors } : { ok: true, value };
}

function onlyValue(scope: Scope, root: ast.Formula): TypedValue | undefined {
  const { source, extent } = scope;
  const first = firstValue(root);
  if (first === undefined || first.span.start !== extent.start) {
    const word = /^[A-Za-z0-9_]+/.exec(source.slice(extent.start))?.[0];
    if (word === undefined) return report(scope, 'operandExpected', extent);
    return report(scope, 'unknownName', span(extent.start, extent.start + word.length), { name: word, nearest: '' });
  }
  const value = checkValue(scope, first);
  if (value === undefined || first.span.end === extent.end) return value;
  return report(scope, 'trailingInput', span(first.span.end, extent.end));
}

function firstValue(formula: ast.Formula): ast.Value | undefined {
  switch (formula.kind) {
    case 'truth':
      return formula.value;
    case 'comparison':
      return formula.left;
    case 'and':
    case 'xor':
    case 'or':
      return formula.operands[0] && firstValue(formula.operands[0]);
    default:
      return undefined;
  }
}
