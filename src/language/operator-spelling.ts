// The spellings of the comparison operators: the words and signs a source may use, and Wirefilter's names in the JSON
// form of the AST. The first spelling is the one that print.ts writes.

import { invariant } from '../diagnostic/invariant';
import type { LiteralOperator } from './ast';

interface Spelling {
  readonly source: readonly string[];
  readonly json: string;
}

export const OPERATOR_SPELLING: Readonly<Record<LiteralOperator, Spelling>> = {
  eq: { source: ['==', 'eq'], json: 'Equal' },
  ne: { source: ['!=', 'ne'], json: 'NotEqual' },
  lt: { source: ['<', 'lt'], json: 'LessThan' },
  le: { source: ['<=', 'le'], json: 'LessThanEqual' },
  gt: { source: ['>', 'gt'], json: 'GreaterThan' },
  ge: { source: ['>=', 'ge'], json: 'GreaterThanEqual' },
  bitwise_and: { source: ['&', 'bitwise_and'], json: 'BitwiseAnd' },
  contains: { source: ['contains'], json: 'Contains' },
  matches: { source: ['matches', '~'], json: 'Matches' },
  wildcard: { source: ['wildcard'], json: 'Wildcard' },
  'strict wildcard': { source: ['strict wildcard'], json: 'Strict Wildcard' },
};

export const OPERATOR_NAMES: readonly LiteralOperator[] = [
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'bitwise_and',
  'contains',
  'matches',
  'wildcard',
  'strict wildcard',
];

const BY_SOURCE = new Map(
  OPERATOR_NAMES.flatMap(operator => OPERATOR_SPELLING[operator].source.map(text => [text, operator] as const)),
);

export function operatorOf(text: string): LiteralOperator {
  const operator = BY_SOURCE.get(text);
  invariant(operator !== undefined, `the lexer took ${text} for an operator`);
  return operator;
}
