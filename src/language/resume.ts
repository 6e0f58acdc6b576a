// Where reading can go on behind a syntax error: after the next `and`, `or` or `xor` at the same depth of brackets, and
// again behind each bracket that the error stands in. Nothing is guessed: behind an open quote, in a comment or in a call
// everything that follows might belong to the error.

import { type Span, span } from '../diagnostic/span';
import { openBrackets } from './complete-beginning';
import type { Tokens } from './tokenize';

/** Parts of the source that are expressions of their own, in order. */
export function resumableParts(source: string, { tokens, stop, extent }: Tokens): readonly Span[] {
  const outer = openBrackets(tokens);
  const isReadable = stop.reason === 'end' || stop.reason === 'unreadable' || stop.reason === 'name_dot';
  if (!isReadable || outer.some(({ type }) => type !== 'open')) return [];
  const parts: Span[] = [];
  let above = outer.length;
  let depth = stop.place === 'item' || stop.place === 'index' ? 1 : 0;
  let start: number | undefined;
  for (let at = stop.at; at < extent.end; ) {
    const piece = pieceAt(source, at, extent.end);
    // What was complete before the quote or comment is an expression all the same.
    if (piece === undefined) return parts;
    at += piece.length;
    if (/^[([{]$/.test(piece)) depth++;
    else if (/^[)\]}]$/.test(piece) && --depth < 0) {
      if (start !== undefined) parts.push(span(start, at - 1));
      start = undefined;
      if (above-- === 0) return parts;
      depth = 0;
    } else if (start === undefined && depth === 0 && CONNECTIVE.test(piece)) start = at;
  }
  return start === undefined ? parts : [...parts, span(start, extent.end)];
}

const CONNECTIVE = /^(?:and|or|xor|&&|\|\||\^\^)$/i;
const QUOTED = /"(?:[^"\\]|\\[\s\S])*"|r(#*)"[\s\S]*?"\1|(['`])[^'`]*\2|[“”][^“”]*[“”]|[‘’][^‘’]*[‘’]/y;
const WORD = /[A-Za-z0-9_.:]+|&&|\|\||\^\^|[^"'`“”‘’#]/y;

/** A string, a word or a sign; undefined where everything that follows is uncertain. */
function pieceAt(source: string, at: number, end: number): string | undefined {
  if (/^\/[/*]/.test(source.slice(at, at + 2))) return undefined;
  const piece = matchAt(QUOTED, source, at) ?? matchAt(WORD, source, at);
  return piece === undefined || at + piece.length > end ? undefined : piece;
}

/** `pattern` is sticky. */
function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}
