// What people write who know other languages: `AND`, `=`, `not in`, commas in sets, single quotes, comments. Each has
// its own cure; what is none of these gets the general one.

import type { Mistake } from '../diagnostic/diagnostic';
import type { Token, Tokens } from './tokenize';

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

const SIGNS: ReadonlyMap<string, string> = new Map([
  ['===', '=='],
  ['=', '=='],
  ['=~', 'matches'],
  ['=<', '<='],
  ['=>', '>='],
  ['|', 'or'],
  ['^', 'xor'],
]);

const WORDS: ReadonlyMap<string, string> = new Map([
  ['is', 'write `==`'],
  ['equals', 'write `==`'],
  ['equal', 'write `==`'],
  ['neq', 'write `!=`'],
  ['not_in', 'write `not … in {…}`'],
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
  const negated = /^(?:not|!)[ \r\n]*(in|contains|matches|wildcard)\b/.exec(text);
  if (negated !== null) return { problem: 'notIn', words: { left: lastName(tokens), operator: negated[1] ?? '' } };
  const word = /^[A-Za-z_][A-Za-z0-9_]*/.exec(text)?.[0];
  if (word !== undefined) return wordMistake(word);
  const operator = SIGNS.get(/^[=<>|^~]+/.exec(text)?.[0] ?? '');
  return operator === undefined ? undefined : { problem: 'singleSign', words: { operator } };
}

function wordMistake(word: string): Mistake | undefined {
  const lower = word.toLowerCase();
  if (word !== lower && OPERATOR_WORDS.has(lower)) return { problem: 'wordInCapitals', words: { operator: lower } };
  const instead = WORDS.get(lower);
  return instead === undefined ? undefined : { problem: 'unknownOperator', words: { word, instead } };
}

function lastName(tokens: readonly Token[]): string {
  const last = tokens.at(-1);
  return last?.type === 'name' || last?.type === 'word' ? last.text : '…';
}

/** Where a literal was expected; undefined when nothing better can be said than that one was. */
export function rightSideMistake(source: string, { stop, extent }: Tokens): Mistake | undefined {
  const text = source.slice(stop.at, extent.end);
  const quoted = /^['`‘’“”]([^'`‘’“”\n]*)['`‘’“”]/.exec(text);
  if (quoted !== null) return { problem: 'otherQuotes', words: { corrected: `"${quoted[1] ?? ''}"` } };
  if (stop.place !== 'item') return undefined;
  if (/^[,;]/.test(text)) return { problem: 'commaInSet', words: {} };
  return text.startsWith('\t') ? { problem: 'tab', words: {} } : undefined;
}
