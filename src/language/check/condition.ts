// When a value is a condition by itself: a Bool is one, with [*] an array of them; so is an array or map of Bool as a
// whole. An array of such arrays is not.

import { arrayOf, BOOL, type Type } from '../type';
import type { TypedValue } from '../typed-ast';

/** undefined when the value needs an operator. */
export function conditionType(value: TypedValue): Type | undefined {
  if (value.type.kind === 'Bool') return value.each ? arrayOf(BOOL) : BOOL;
  return holdsBools(value.type) && !value.each ? value.type : undefined;
}

/** `grid[*]` of an Array<Array<Bool>>. */
export function isNestedCondition(value: TypedValue): boolean {
  return value.each && holdsBools(value.type);
}

function holdsBools(type: Type): boolean {
  return 'of' in type && type.of.kind === 'Bool';
}
