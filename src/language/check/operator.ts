// Which operators there are for which types, in one table.

import type { LiteralOperator } from '../ast';
import { spellingOf } from '../operator-spelling';
import type { Type } from '../type';

export type AnyOperator = LiteralOperator | 'in';

const ORDERING: readonly LiteralOperator[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'];

const OPERATORS: Readonly<Record<Type['kind'], readonly AnyOperator[]>> = {
  Bool: [],
  Int: [...ORDERING, 'in', 'bitwise_and'],
  Ip: [...ORDERING, 'in'],
  Bytes: [...ORDERING, 'in', 'contains', 'matches', 'wildcard', 'strict wildcard'],
  Array: [],
  Map: [],
};

export function isSupported(operator: AnyOperator, type: Type): boolean {
  return OPERATORS[type.kind].includes(operator);
}

/** The operators of a type for a message: `==` `!=` …; what to do instead for a type that has none. */
export function operatorsOf(type: Type): string {
  const operators = OPERATORS[type.kind];
  if (operators.length > 0) return operators.map(operator => `\`${spelling(operator)}\``).join(' ');
  return type.kind === 'Bool' ? 'none are needed' : 'take one element with `[…]`, or all with `any(…[*] …)`';
}

function spelling(operator: AnyOperator): string {
  return operator === 'in' ? 'in' : spellingOf(operator).printed;
}
