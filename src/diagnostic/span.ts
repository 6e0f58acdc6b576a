// A place in a source text. Offsets count UTF-16 units of the JavaScript string; the printer turns them into the
// byte columns that Wirefilter's messages use.

export interface Span {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export function span(start: number, end: number): Span {
  return { start, end };
}

export function join(first: Span, last: Span): Span {
  return { start: first.start, end: last.end };
}
