// The comparisons and bare values that an expression is made of, in the order of the text.

import { unreachable } from '../../diagnostic/invariant';
import type { Comparison, Truth, TypedExpression } from '../../language/typed-ast';

export type Condition = Comparison | Truth;

export function asksList(condition: Condition): boolean {
  return condition.kind === 'comparison' && condition.test.kind === 'in_list';
}

/** Whether it is `ne`, the one comparison that holds of an absent value. */
export function isNe(condition: Condition): boolean {
  return condition.kind === 'comparison' && condition.test.kind === 'order' && condition.test.operator === 'ne';
}

export function conditionsOf(expression: TypedExpression): readonly Condition[] {
  switch (expression.kind) {
    case 'comparison':
    case 'truth':
      return [expression];
    case 'not':
      return conditionsOf(expression.operand);
    case 'and':
    case 'or':
    case 'xor':
      return expression.operands.flatMap(conditionsOf);
    case 'any':
    case 'all':
      // The packet scheme has no arrays.
      return [];
    default:
      return unreachable(expression);
  }
}
