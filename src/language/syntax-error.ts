// The diagnostic for the place where parsing stopped: which kind of place it is says what was expected there. Spans go
// to the end of the text, as Wirefilter's do; frequent mistakes have a cure of their own (*-mistake.ts).

import { type Diagnostic, diagnostic, explained, type Mistake } from '../diagnostic/diagnostic';
import { unreachable } from '../diagnostic/invariant';
import { positionOf } from '../diagnostic/position';
import { type Span, span } from '../diagnostic/span';
import { openBrackets } from './complete-beginning';
import type { Limits } from './limits';
import { literalMistake } from './literal-mistake';
import { operandMistake } from './operand-mistake';
import { operatorMistake } from './operator-mistake';
import type { Token } from './token';
import type { Tokens } from './tokenize';

export function syntaxError(source: string, read: Tokens, limits: Limits): Diagnostic {
  const { stop, extent } = read;
  const rest = span(stop.at, extent.end);
  switch (stop.reason) {
    case 'nesting':
      return diagnostic('nestingLimit', rest, { limit: String(limits.nesting) });
    case 'name_dot':
      return diagnostic('nameEndsInDot', rest);
    case 'raw_hashes':
      return diagnostic('rawHashes', rest);
    case 'raw_quote':
      return diagnostic('rawQuoteExpected', rest);
    case 'raw_end':
      return diagnostic('quoteMissing', rest);
    case 'end':
    case 'unreadable':
      return atPlace(source, read);
    default:
      return unreachable(stop.reason);
  }
}

function atPlace(source: string, read: Tokens): Diagnostic {
  const { tokens, stop, extent } = read;
  const rest = span(stop.at, extent.end);
  const quoteOpens = source[stop.at] === '"' && stop.at < extent.end;
  const afterQuote = span(stop.at + 1, extent.end);
  switch (stop.place) {
    case 'operand':
      return orMistake(diagnostic('operandExpected', rest), operandMistake(source, read));
    case 'argument':
      if (tokens.at(-1)?.type === 'open_arguments' && stop.at >= extent.end) return bracketOpen(tokens, rest, source);
      if (quoteOpens) return diagnostic('quoteMissing', afterQuote);
      return orMistake(diagnostic('argumentExpected', rest), literalMistake(source, read));
    case 'operator':
      return afterOperand(source, read);
    case 'literal':
    case 'item':
      return quoteOpens ? diagnostic('quoteMissing', afterQuote) : withoutLiteral(source, read);
    case 'membership':
      return diagnostic('setExpected', rest, membersMeant(source, rest));
    case 'regex':
    case 'wildcard':
      if (quoteOpens) return diagnostic(stop.place === 'regex' ? 'regexQuoteMissing' : 'quoteMissing', afterQuote);
      if (stop.at >= extent.end) return diagnostic('patternMissing', rest);
      return diagnostic('patternExpected', rest, { example: patternMeant(source, rest) });
    case 'index':
      if (tokens.at(-1)?.type !== 'open_index') return diagnostic('indexEndExpected', rest);
      return quoteOpens ? diagnostic('quoteMissing', afterQuote) : diagnostic('indexExpected', rest);
    default:
      return unreachable(stop.place);
  }
}

/** A set or list that may be meant: values in other brackets or in none, a name without `$`. */
function membersMeant(source: string, { start, end }: Span): { set: string; list: string } {
  const text = source.slice(start, end);
  const bracketed = /^[([]([^()[\]{}]*)[)\]]/.exec(text)?.[1];
  const list = /^[@%]?([a-z_][a-z0-9_]*)(?![a-z0-9_:./"-])/i.exec(text)?.[1];
  const value = list === undefined ? /^(?:[0-9A-Za-z_:./-]+|"[^"\\]*")/.exec(text)?.[0] : undefined;
  const items =
    bracketed?.split(/[,;\s]+/).filter(item => item !== '') ?? (value === undefined ? ['80', '443'] : [value]);
  const set = items.map(item => item.replace(/^"([0-9a-f.:/]*[.:][0-9a-f.:/]*)"$/i, '$1')).join(' ');
  return { set: `{${set}}`, list: `$${list?.toLowerCase() ?? 'name'}` };
}

/** A pattern between other signs, or without any. */
function patternMeant(source: string, { start, end }: Span): string {
  const text = source.slice(start, end);
  const pattern = /^([/'`])(.*?)\1/.exec(text)?.[2] ?? /^[A-Za-z0-9_.*+-]+/.exec(text)?.[0];
  return pattern === undefined || pattern.includes('"') ? '"…" or r"…"' : `r"${pattern}"`;
}

function withoutLiteral(source: string, read: Tokens): Diagnostic {
  const { stop, extent } = read;
  const general = diagnostic(stop.place === 'item' ? 'itemExpected' : 'literalExpected', span(stop.at, extent.end));
  return orMistake(general, literalMistake(source, read));
}

function orMistake(general: Diagnostic, mistake: Mistake | undefined): Diagnostic {
  return mistake === undefined ? general : explained(general, mistake);
}

/** A value or condition is complete and something else follows than an operator or the right bracket. */
function afterOperand(source: string, read: Tokens): Diagnostic {
  const { tokens, stop, extent } = read;
  const end = tokens.at(-1)?.span.end ?? extent.start;
  const general =
    openBrackets(tokens).length === 0
      ? diagnostic('trailingInput', span(end, extent.end))
      : bracketOpen(tokens, span(stop.at, extent.end), source);
  return orMistake(general, operatorMistake(source, read));
}

/** Inside an open bracket: its end is missing, or a comma. */
function bracketOpen(tokens: readonly Token[], rest: Span, source: string): Diagnostic {
  const innermost = openBrackets(tokens).at(-1);
  const before = innermost === undefined ? undefined : tokens[tokens.indexOf(innermost) - 1];
  const word = /^(?:and|or|xor)\b|^(?:&&|\|\||\^\^)/.exec(source.slice(rest.start, rest.end));
  if (before?.type === 'quantifier' && word !== null) {
    return diagnostic('combinationNeedsBrackets', rest, { quantifier: before.text, operator: word[0] });
  }
  const isCall = innermost?.type === 'open_arguments' && before?.type !== 'quantifier';
  if (isCall && rest.start < rest.end) return diagnostic('commaExpected', rest);
  const { line, column } = positionOf(source, innermost?.span ?? rest);
  return diagnostic(isCall ? 'callEndExpected' : 'closingBracketExpected', rest, { place: `${line}:${column}` });
}
