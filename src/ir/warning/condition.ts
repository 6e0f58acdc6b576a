// The comparisons and bare values that an expression is made of, in the order of the text.

import { unreachable } from '../../diagnostic/invariant';
import { MANAGED_LISTS } from '../../language/field/external';
import type { ExternalData } from '../../language/field/external-data';
import { subject } from '../../language/field/subject';
import type { Comparison, Truth, TypedExpression } from '../../language/typed-ast';

export type Condition = Comparison | Truth;

export function asksList(condition: Condition): boolean {
  return condition.kind === 'comparison' && condition.test.kind === 'in_list';
}

/** Whether it asks for what no packet holds, nor the policy. */
export function asksExternal(condition: Condition): boolean {
  return externalData(condition) !== undefined;
}

export function externalData(condition: Condition): ExternalData | undefined {
  const { source } = subject(condition.left);
  if (source.kind === 'external') return source.data;
  if (condition.kind !== 'comparison' || condition.test.kind !== 'in_list') return undefined;
  return MANAGED_LISTS.includes(condition.test.list) ? 'managed_list' : undefined;
}

/** Whether it is `ne`, the one comparison that holds of an absent value. */
export function isNe(condition: Condition): boolean {
  return condition.kind === 'comparison' && condition.test.kind === 'order' && condition.test.operator === 'ne';
}

export function conditionsOf(expression: TypedExpression): readonly Condition[] {
  const conditions: Condition[] = [];
  everyCondition(expression, condition => conditions.push(condition) > 0);
  return conditions;
}

/** Stops at the first of which it is not so: asked at every level it must not walk through all that lies below. */
export function everyCondition(expression: TypedExpression, holds: (condition: Condition) => boolean): boolean {
  switch (expression.kind) {
    case 'comparison':
    case 'truth':
      return holds(expression);
    case 'not':
      return everyCondition(expression.operand, holds);
    case 'and':
    case 'or':
    case 'xor':
      return expression.operands.every(operand => everyCondition(operand, holds));
    case 'any':
    case 'all':
      // The packet scheme has no arrays.
      return true;
    default:
      return unreachable(expression);
  }
}
