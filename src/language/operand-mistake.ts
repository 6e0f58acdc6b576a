// What people write where a condition should begin: a value alone, an operator without its left side.

import type { Mistake } from '../diagnostic/diagnostic';
import type { Token } from './token';
import type { Tokens } from './tokenize';

const OPERATOR = /^(?:[=!]=|[<>]=?)/;

/** undefined when nothing better can be said than that a condition begins here. */
export function operandMistake(source: string, { tokens, stop, extent }: Tokens): Mistake | undefined {
  const text = source.slice(stop.at, extent.end);
  const value = /^(["'`])[^"'`\\]*\1[ \r\n]*/.exec(text)?.[0];
  if (value !== undefined) {
    return { problem: OPERATOR.test(text.slice(value.length)) ? 'literalOnTheLeft' : 'valueAlone', words: {} };
  }
  const operator = OPERATOR.exec(text)?.[0];
  const left = leftSide(tokens);
  return operator === undefined || left === undefined
    ? undefined
    : { problem: 'leftSideMissing', words: { left, operator } };
}

/** Of the comparison before. */
function leftSide(tokens: readonly Token[]): string | undefined {
  const operator = tokens.findLastIndex(({ type }) => type === 'ordering' || type === 'member');
  const left = tokens[operator - 1];
  return left?.type === 'name' || left?.type === 'word' ? left.text : undefined;
}
