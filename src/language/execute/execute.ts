// Runs a typed expression over any scheme: Wirefilter's meaning, missing values included. A condition is a boolean, or
// with [*] an array of them; arrays are combined by position and cut to the shorter.

import { invariant, unreachable } from '../../diagnostic/invariant';
import type { Comparison, Logical, Quantifier, Truth, TypedExpression } from '../typed-ast';
import type { Value } from '../value';
import type { Context } from './context';
import { predicate } from './predicate';
import { evaluateEach, evaluateValue } from './value';

/** Throws MissingFieldError for a mandatory field without a value. */
export function execute(expression: TypedExpression, context: Context): boolean {
  const result = evaluate(expression, context);
  invariant(typeof result === 'boolean', 'check() let an expression pass whose root is no Bool');
  return result;
}

export type Condition = boolean | readonly boolean[];

export function evaluate(expression: TypedExpression, context: Context): Condition {
  switch (expression.kind) {
    case 'truth':
      return evaluateTruth(expression, context);
    case 'comparison':
      return evaluateComparison(expression, context);
    case 'not': {
      const operand = evaluate(expression.operand, context);
      return typeof operand === 'boolean' ? !operand : operand.map(each => !each);
    }
    case 'and':
    case 'or':
    case 'xor':
      return evaluateLogical(expression, context);
    case 'any':
    case 'all':
      return evaluateQuantifier(expression, context);
    default:
      return unreachable(expression);
  }
}

function evaluateTruth({ left, type }: Truth, context: Context): Condition {
  if (left.each) return evaluateEach(left, context).map(isTrue);
  const value = evaluateValue(left, context);
  return type.kind === 'Bool' ? isTrue(value) : bools(value);
}

function isTrue(value: Value | undefined): boolean {
  return value === true;
}

/** A missing array is an empty one here. */
function bools(value: Value | undefined): readonly boolean[] {
  if (value === undefined) return [];
  invariant(typeof value === 'object' && 'items' in value, 'a condition that is no Bool is an array');
  return value.items.map(isTrue);
}

function evaluateComparison({ left, test }: Comparison, context: Context): Condition {
  const holds = predicate(left.type, test, context);
  if (left.each) return evaluateEach(left, context).map(holds);
  const value = evaluateValue(left, context);
  if (value !== undefined) return holds(value);
  return test.kind === 'order' && test.operator === 'ne' && context.nilNotEqual;
}

function evaluateLogical({ kind, operands }: Logical, context: Context): Condition {
  let result: Condition | undefined;
  for (const operand of operands) {
    // xor needs every operand; the others stop at the first that decides.
    if (kind !== 'xor' && result === (kind === 'or')) return result;
    const next = evaluate(operand, context);
    result = result === undefined ? next : combine(kind, result, next);
  }
  invariant(result !== undefined, 'a combination has operands');
  return result;
}

function combine(kind: Logical['kind'], left: Condition, right: Condition): Condition {
  if (typeof left === 'boolean' && typeof right === 'boolean') return decide(kind, left, right);
  invariant(typeof left !== 'boolean' && typeof right !== 'boolean', 'check() let a Bool meet an array');
  const length = Math.min(left.length, right.length);
  return left.slice(0, length).map((each, i) => decide(kind, each, right[i] === true));
}

function decide(kind: Logical['kind'], left: boolean, right: boolean): boolean {
  switch (kind) {
    case 'and':
      return left && right;
    case 'or':
      return left || right;
    case 'xor':
      return left !== right;
  }
}

/** A missing array given directly makes both false; one that went through a formula is empty, so `all` holds. */
function evaluateQuantifier({ kind, operand }: Quantifier, context: Context): boolean {
  let conditions: readonly boolean[];
  if (operand.kind === 'value') {
    const value = evaluateValue(operand, context);
    if (value === undefined) return false;
    conditions = bools(value);
  } else {
    const result = evaluate(operand, context);
    invariant(typeof result !== 'boolean', 'check() lets a quantifier take arrays only');
    conditions = result;
  }
  return kind === 'any' ? conditions.includes(true) : !conditions.includes(false);
}
