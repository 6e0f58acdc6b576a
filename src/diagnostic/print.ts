// A diagnostic as text: Wirefilter's three lines (place, source line, carets with the message), then the code and cure.

import type { Diagnostic } from './diagnostic';
import { positionOf } from './position';

/** Ends in a newline. */
export function printDiagnostic(source: string, found: Diagnostic): string {
  const { line, column, length, lineText } = positionOf(source, found.span);
  const carets = `${' '.repeat(column - 1)}${'^'.repeat(Math.max(1, length))}`;
  return [
    `${found.severity === 'error' ? 'Filter parsing error' : 'Filter warning'} (${line}:${column}):`,
    lineText,
    `${carets} ${found.message}`,
    `${found.code}: ${found.cure}`,
    '',
  ].join('\n');
}
