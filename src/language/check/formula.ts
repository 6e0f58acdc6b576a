// Conditions and their combinations. A formula is a Bool, or an Array<Bool> that any() and all() reduce; a bare
// Map<Bool> passes here as well, as in Wirefilter, and only an operator or the root refuses it.

import { unreachable } from '../../diagnostic/invariant';
import type * as ast from '../ast';
import { report, restAfterSpace, restFrom, type Scope } from '../scope';
import { arrayOf, BOOL, printType, sameType } from '../type';
import type { Logical, Not, Quantifier, Truth, TypedExpression, TypedValue } from '../typed-ast';
import { checkArgument } from './argument';
import { checkComparison } from './comparison';
import { conditionType, isNestedCondition } from './condition';
import { operatorsOf } from './operator';
import { checkValue, sourceOf } from './value';

export function checkFormula(scope: Scope, formula: ast.Formula): TypedExpression | undefined {
  switch (formula.kind) {
    case 'truth':
      return checkTruth(scope, formula);
    case 'comparison':
      return checkComparison(scope, formula);
    case 'not':
      return checkNot(scope, formula);
    case 'and':
    case 'or':
    case 'xor':
      return checkLogical(scope, formula);
    case 'any':
    case 'all':
      return checkQuantifier(scope, formula);
    default:
      return unreachable(formula);
  }
}

function checkTruth(scope: Scope, formula: ast.Truth): Truth | undefined {
  const left = checkValue(scope, formula.value);
  if (left === undefined) return undefined;
  const type = conditionType(left);
  if (type !== undefined) return { kind: 'truth', left, type, span: formula.span };
  if (isNestedCondition(left)) {
    return report(scope, 'nestedConditions', restFrom(scope, left.span.end), { type: printType(arrayOf(left.type)) });
  }
  const name = sourceOf(scope, left.span);
  const words = {
    name,
    type: printType(left.type),
    operators: operatorsOf(left.type),
    hint: conditionHint(scope, left),
  };
  return report(scope, 'operatorExpected', restAfterSpace(scope, left.span.end), words);
}

/** What a field alone may be meant to ask: `tcp`, or nft's `tcp dport 80`. */
function conditionHint(scope: Scope, { base, span }: TypedValue): string {
  const name = base.kind === 'field' ? base.field.name : '';
  const next = /^ +([a-z0-9_]+)/.exec(scope.source.slice(span.end, scope.extent.end))?.[1] ?? '';
  const joined = `${name}.${next}`;
  const meant = scope.scheme.fields.has(joined) ? [joined] : scope.scheme.otherSpellings?.get(joined);
  const spellings = meant ?? scope.scheme.otherSpellings?.get(name) ?? [];
  return spellings.length === 0 ? '' : `; did you mean ${spellings.map(each => `\`${each}\``).join(' or ')}?`;
}

function checkNot(scope: Scope, formula: ast.Not): Not | undefined {
  const operand = checkFormula(scope, formula.operand);
  return operand && { kind: 'not', operand, type: operand.type, span: formula.span };
}

function checkLogical(scope: Scope, formula: ast.Logical): Logical | undefined {
  const operands: TypedExpression[] = [];
  for (const part of formula.operands) {
    const operand = checkFormula(scope, part);
    const first = operands[0];
    if (operand === undefined) continue;
    if (first !== undefined && !combine(first, operand)) {
      const words = { expected: printType(first.type), type: printType(operand.type), operator: formula.kind };
      report(scope, 'operandTypes', restFrom(scope, part.span.end), words);
      continue;
    }
    operands.push(operand);
  }
  const first = operands[0];
  if (first === undefined || operands.length < formula.operands.length) return undefined;
  return { kind: formula.kind, operands, type: first.type, span: formula.span };
}

function combine(left: TypedExpression, right: TypedExpression): boolean {
  return left.type.kind === right.type.kind && left.type.kind !== 'Map';
}

const BOOLS = arrayOf(BOOL);

function checkQuantifier(scope: Scope, formula: ast.Quantifier): Quantifier | undefined {
  const argument = checkArgument(scope, formula.argument);
  if (argument === undefined) return undefined;
  const { typed, type } = argument;
  if (typed.kind === 'value' && isNestedCondition(typed)) {
    return report(scope, 'nestedConditions', formula.argument.span, { type: printType(arrayOf(type)) });
  }
  if (typed.kind === 'int' || typed.kind === 'address' || typed.kind === 'bytes' || !sameType(type, BOOLS)) {
    return report(scope, 'quantifierType', argument.span, { type: printType(type), quantifier: formula.kind });
  }
  return { kind: formula.kind, operand: typed, type: BOOL, span: formula.span };
}
