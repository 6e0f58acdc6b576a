// Where a span lies in its text, as Wirefilter counts: lines and columns from 1, columns in UTF-8 bytes; a span ends
// with its first line.

import type { Span } from './span';

export interface Position {
  readonly line: number;
  readonly column: number;
  /** In bytes; 0 for a place between two characters. */
  readonly length: number;
  readonly lineText: string;
}

export function positionOf(source: string, { start, end }: Span): Position {
  const lineStart = start === 0 ? 0 : source.lastIndexOf('\n', start - 1) + 1;
  const newline = source.indexOf('\n', start);
  const lineEnd = newline < 0 ? source.length : newline;
  return {
    line: source.slice(0, lineStart).split('\n').length,
    column: Buffer.byteLength(source.slice(lineStart, start)) + 1,
    length: Buffer.byteLength(source.slice(start, Math.min(end, lineEnd))),
    lineText: source.slice(lineStart, lineEnd),
  };
}
