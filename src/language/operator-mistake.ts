// What people who know other languages write in an operator's place: `AND`, `=`, `not in`, commas, comments. Each has its
// own cure; what is none of these gets the general one.

import type { Mistake } from '../diagnostic/diagnostic';
import { openBrackets } from './complete-beginning';
import type { Token } from './token';
import type { Tokens } from './tokenize';

const OPERATOR_WORDS: ReadonlySet<string> = new Set([
  'and',
  'or',
  'xor',
  'not',
  'in',
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'contains',
  'matches',
  'wildcard',
  'strict',
  'bitwise_and',
]);

/** By what is written, what is meant. */
export const SIGNS: ReadonlyMap<string, string> = new Map([
  ['===', '=='],
  ['!==', '!='],
  ['<>', '!='],
  ['=', '=='],
  ['=~', 'matches'],
  ['=<', '<='],
  ['=>', '>='],
  ['==~', 'matches'],
  ['&', 'and'],
  ['|', 'or'],
  ['^', 'xor'],
]);

const WORDS: ReadonlyMap<string, string> = new Map([
  ['is', 'write `==`'],
  ['equals', 'write `==`'],
  ['equal', 'write `==`'],
  ['neq', 'write `!=`'],
  ['lte', 'write `<=`'],
  ['gte', 'write `>=`'],
  ['not_in', 'write `not … in {…}`'],
  ['notin', 'write `not … in {…}`'],
  ['contain', 'write `contains "…"`'],
  ['includes', 'write `contains "…"`'],
  ['has', 'write `contains "…"`'],
  ['match', 'write `matches "…"`'],
  ['startswith', 'there is a function: `starts_with(field, "…")`'],
  ['endswith', 'there is a function: `ends_with(field, "…")`'],
  ['like', 'write `wildcard "a*"` or `contains "a"`'],
  ['regex', 'write `matches "…"`'],
  ['starts_with', 'it is a function: `starts_with(field, "…")`'],
  ['ends_with', 'it is a function: `ends_with(field, "…")`'],
  ['between', 'write `in {1..10}`'],
  ['strict', 'the operator is `strict wildcard`, with one space'],
]);

/** Where an operator was expected; undefined when nothing better can be said than that the input goes on. */
export function operatorMistake(source: string, { tokens, stop, extent }: Tokens): Mistake | undefined {
  const text = source.slice(stop.at, extent.end);
  if (text.startsWith('\t')) return { problem: 'tab', words: {} };
  if (/^(?:#|\/\/|\/\*)/.test(text)) return { problem: 'comment', words: {} };
  const negated = NEGATED.exec(text);
  if (negated !== null) {
    const [, operator = '', right = '…'] = negated;
    return { problem: 'notIn', words: { left: lastName(tokens), operator, right } };
  }
  const word = /^[A-Za-z_][A-Za-z0-9_]*/.exec(text)?.[0];
  if (word !== undefined) return wordMistake(word);
  const others = /^,[ \r\n]*([0-9"][^,; ]*)/.exec(text)?.[1];
  if (others !== undefined) return severalValues(tokens, others);
  const operator = SIGNS.get(/^[=<>|^~&!]+/.exec(text)?.[0] ?? '');
  return operator === undefined ? undefined : { problem: 'singleSign', words: { operator } };
}

/** With the right side, where it is short. */
const NEGATED =
  /^(?:not|!)[ \r\n]*(in|contains|matches|wildcard)\b(?:[ \r\n]*(\{[^{}]{0,60}\}|\$[a-z0-9_.]+|"[^"\\]{0,60}"))?/;

function wordMistake(word: string): Mistake | undefined {
  const lower = word.toLowerCase();
  if (word !== lower && OPERATOR_WORDS.has(lower)) return { problem: 'wordInCapitals', words: { operator: lower } };
  const instead = WORDS.get(lower);
  return instead === undefined ? undefined : { problem: 'unknownOperator', words: { word, instead } };
}

/** `tcp.dstport == 80, 443`, outside of a call. */
function severalValues(tokens: readonly Token[], others: string): Mistake | undefined {
  const [name, , literal] = tokens.slice(-3);
  const isComparison =
    name !== undefined && (name.type === 'name' || name.type === 'word') && literal?.type === 'chunk';
  if (!isComparison || openBrackets(tokens).some(({ type }) => type === 'open_arguments')) return undefined;
  return { problem: 'severalValues', words: { corrected: `${name.text} in {${literal.text} ${others}}` } };
}

function lastName(tokens: readonly Token[]): string {
  const last = tokens.at(-1);
  return last?.type === 'name' || last?.type === 'word' ? last.text : '…';
}
