// AST and scheme to typed AST: names are looked up, literals are read by the type of their left side, and every part
// gets a type. The root must be a Bool. All errors are collected, in the order of the text; where there
// are none, the warnings.

import type { Diagnostic } from '../../diagnostic/diagnostic';
import { span } from '../../diagnostic/span';
import type { Expression } from '../ast';
import { type Limits, PACKET_LIMITS } from '../limits';
import type { Scheme } from '../scheme';
import { errorsOf, report, type Scope } from '../scope';
import { printType } from '../type';
import type { TypedExpression } from '../typed-ast';
import { checkFormula } from './formula';

export type Checked =
  | { readonly ok: true; readonly expression: TypedExpression; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export function check(ast: Expression, scheme: Scheme, limits: Limits = PACKET_LIMITS): Checked {
  const scope: Scope = { source: ast.source, extent: ast.extent, scheme, limits, diagnostics: [] };
  const expression = checkFormula(scope, ast.root);
  if (expression !== undefined && expression.type.kind !== 'Bool') {
    report(scope, 'rootType', span(ast.extent.end, ast.extent.end), { type: printType(expression.type) });
  }
  const errors = errorsOf(scope);
  return expression === undefined || errors.length > 0
    ? { ok: false, diagnostics: errors }
    : { ok: true, expression, warnings: scope.diagnostics };
}
