// A condition that holds only where its left side is present: `ne`, the one comparison that also holds of an absent
// value, has been turned into `not eq` before.

import type { Literal, OrderingOperator, TypedTest } from '../language/typed-ast';

export type PositiveOrdering = Exclude<OrderingOperator, 'ne'>;

export type PositiveTest =
  | { readonly kind: 'order'; readonly operator: PositiveOrdering; readonly right: Literal }
  | Exclude<TypedTest, { readonly kind: 'order' }>
  /** A value of type Bool that stands alone. */
  | { readonly kind: 'truth' };
