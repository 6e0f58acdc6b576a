// What people write who know other languages: `AND`, `=`, `not in`, commas in sets, single quotes, comments. Each has
// its own cure; what is none of these gets the general one.

import { type Diagnostic, diagnostic } from '../diagnostic/diagnostic';
import { type Span, span } from '../diagnostic/span';
import { openBrackets } from './complete-beginning';
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
export function operatorMistake(source: string, { tokens, stop, extent }: Tokens): Diagnostic | undefined {
  const end = tokens.at(-1)?.span.end ?? extent.start;
  const rest = span(openBrackets(tokens).length === 0 ? end : stop.at, extent.end);
  const text = source.slice(stop.at, extent.end);
  if (text.startsWith('\t')) return diagnostic('tab', rest);
  if (/^(?:#|\/\/|\/\*)/.test(text)) return diagnostic('comment', rest);
  const negated = /^(?:not|!)[ \r\n]*(in|contains|matches|wildcard)\b/.exec(text);
  if (negated !== null) {
    return diagnostic('notIn', rest, { left: lastValue(source, end), operator: negated[1] ?? '' });
  }
  const word = /^[A-Za-z_][A-Za-z0-9_]*/.exec(text)?.[0];
  if (word !== undefined) return wordMistake(word, rest);
  const sign = /^[=<>|^~]+/.exec(text)?.[0];
  const operator = sign === undefined ? undefined : SIGNS.get(sign);
  return operator === undefined ? undefined : diagnostic('singleSign', rest, { operator });
}

function wordMistake(word: string, rest: Span): Diagnostic | undefined {
  const lower = word.toLowerCase();
  if (word !== lower && OPERATOR_WORDS.has(lower)) return diagnostic('wordInCapitals', rest, { operator: lower });
  const instead = WORDS.get(lower);
  return instead === undefined ? undefined : diagnostic('unknownOperator', rest, { word, instead });
}

/** The value that ends at an offset, as far as it can be told from its letters. */
function lastValue(source: string, end: number): string {
  return /[A-Za-z0-9_.]*$/.exec(source.slice(0, end))?.[0] || '…';
}

/** Where a literal was expected. */
export function rightSideMistake(source: string, { stop, extent }: Tokens): Diagnostic {
  const rest = span(stop.at, extent.end);
  const text = source.slice(stop.at, extent.end);
  const quoted = /^(['`‘’“”])(.*?)['`‘’“”]/.exec(text);
  if (quoted !== null) return diagnostic('otherQuotes', rest, { corrected: `"${quoted[2] ?? ''}"` });
  if (stop.place !== 'item') return diagnostic('literalExpected', rest);
  if (/^[,;]/.test(text)) return diagnostic('commaInSet', rest);
  return text.startsWith('\t') ? diagnostic('tab', rest) : diagnostic('itemExpected', rest);
}
