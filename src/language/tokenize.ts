// Source text to tokens, up to its end or to the first place that cannot be read. Here lies what moo's rules cannot
// say: the hashes of raw strings, the trimming at both ends, and the nesting limit, which is enforced before anything
// that could recurse has seen the text.

import { type Span, span } from '../diagnostic/span';
import { LEXER, type Place, placeOf } from './lexer';
import type { Limits } from './limits';
import { Nesting } from './nesting';
import { readRawString } from './raw-string';
import type { Token } from './token';

export interface Stop {
  readonly reason: 'end' | 'unreadable' | 'nesting' | 'name_dot' | 'raw_hashes' | 'raw_quote' | 'raw_end';
  /** Where what could not be read begins. */
  readonly from: number;
  /** Where in it the mistake is. */
  readonly at: number;
  readonly place: Place;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly stop: Stop;
  /** The source without the white space around it. */
  readonly extent: Span;
}

export function tokenize(source: string, limits: Limits): Tokens {
  const extent = trim(source);
  const nesting = new Nesting();
  const tokens: Token[] = [];
  const lexer = LEXER;
  let base = extent.start;
  lexer.reset(source.slice(base, extent.end));
  const stopped = (reason: Stop['reason'], place: Place, from: number, at = from): Tokens => ({
    tokens,
    stop: { reason, place, from, at },
    extent,
  });
  for (;;) {
    const place = placeOf(lexer);
    let read = lexer.next();
    // White space is the same in every place.
    if (read?.type === 'space') read = lexer.next();
    if (read === undefined) return stopped('end', place, extent.end);
    const start = base + read.offset;
    if (read.type === 'unreadable') {
      const isDot = isNameDot(source, start, tokens.at(-1));
      return isDot ? stopped('name_dot', place, start, start + 1) : stopped('unreadable', place, start);
    }
    if (read.type === 'raw_open') {
      const raw = readRawString(source, start, extent.end);
      if (raw.kind !== 'raw') return stopped(raw.kind, place, start, raw.at);
      tokens.push({ type: 'raw', text: source.slice(start, raw.end), span: span(start, raw.end), place });
      base = raw.end;
      lexer.reset(source.slice(base, extent.end), { line: 1, col: 1, state: place === 'item' ? 'item' : 'operator' });
      continue;
    }
    const token: Token = { type: read.type ?? '', text: read.text, span: span(start, start + read.text.length), place };
    if (nesting.after(token) > limits.nesting) return stopped('nesting', place, start);
    tokens.push(token);
  }
}

/** A dot at the end of a name wants another part of it. */
function isNameDot(source: string, at: number, last: Token | undefined): boolean {
  return source[at] === '.' && last?.span.end === at && (last.type === 'name' || last.type === 'word');
}

/** Unicode White_Space, which is not what String.prototype.trim removes. */
function trim(source: string): Span {
  const start = source.search(/\P{White_Space}/u);
  if (start < 0) return span(0, 0);
  let end = source.length;
  while (/\p{White_Space}/u.test(source.charAt(end - 1))) end--;
  return span(start, end);
}
