// Conditions and their combinations. A formula is a Bool, or an Array<Bool> that any() and all() reduce; a bare
// Map<Bool> passes here as well, as in Wirefilter, and only an operator or the root refuses it.

import { unreachable } from '../../diagnostic/invariant';
import type * as ast from '../ast';
import { report, restAfterSpace, restFrom, type Scope } from '../scope';
import { arrayOf, BOOL, printType, sameType } from '../type';
import type { Logical, Not, Quantifier, Truth, TypedExpression } from '../typed-ast';
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
  const words = { name: sourceOf(scope, left.span), type: printType(left.type), operators: operatorsOf(left.type) };
  return report(scope, 'operatorExpected', restAfterSpace(scope, left.span.end), words);
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
