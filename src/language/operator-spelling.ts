// The spellings of the comparison operators: the words and signs a source may use, and Wirefilter's names in the JSON
// form of the AST. The first spelling is the one that print.ts writes.

import { invariant } from '../diagnostic/invariant';
import type { LiteralOperator } from './ast';

export interface OperatorSpelling {
  readonly operator: LiteralOperator;
  readonly printed: string;
  readonly alias?: string;
  readonly json: string;
}

const SPELLINGS: readonly OperatorSpelling[] = [
  { operator: 'eq', printed: '==', alias: 'eq', json: 'Equal' },
  { operator: 'ne', printed: '!=', alias: 'ne', json: 'NotEqual' },
  { operator: 'lt', printed: '<', alias: 'lt', json: 'LessThan' },
  { operator: 'le', printed: '<=', alias: 'le', json: 'LessThanEqual' },
  { operator: 'gt', printed: '>', alias: 'gt', json: 'GreaterThan' },
  { operator: 'ge', printed: '>=', alias: 'ge', json: 'GreaterThanEqual' },
  { operator: 'bitwise_and', printed: '&', alias: 'bitwise_and', json: 'BitwiseAnd' },
  { operator: 'contains', printed: 'contains', json: 'Contains' },
  { operator: 'matches', printed: 'matches', alias: '~', json: 'Matches' },
  { operator: 'wildcard', printed: 'wildcard', json: 'Wildcard' },
  { operator: 'strict wildcard', printed: 'strict wildcard', json: 'Strict Wildcard' },
];

const BY_OPERATOR = new Map(SPELLINGS.map(spelling => [spelling.operator, spelling]));

const BY_SOURCE = new Map(
  SPELLINGS.flatMap(({ operator, printed, alias }) =>
    [printed, alias ?? printed].map(text => [text, operator] as const),
  ),
);

export function spellingOf(operator: LiteralOperator): OperatorSpelling {
  const spelling = BY_OPERATOR.get(operator);
  invariant(spelling !== undefined, `${operator} has a spelling`);
  return spelling;
}

export function operatorOf(text: string): LiteralOperator {
  const operator = BY_SOURCE.get(text);
  invariant(operator !== undefined, `the lexer took ${text} for an operator`);
  return operator;
}
