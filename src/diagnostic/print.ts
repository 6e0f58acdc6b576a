// A diagnostic as text: Wirefilter's three lines (place, source line, carets with the message), then the code and cure.

import type { Diagnostic } from './diagnostic';
import { excerpt } from './excerpt';
import { positionOf } from './position';

/** Ends in a newline. */
export function printDiagnostic(source: string, found: Diagnostic): string {
  const { line, column } = positionOf(source, found.span);
  const shown = excerpt(source, found.span);
  return [
    `${found.severity === 'error' ? 'Filter parsing error' : 'Filter warning'} (${line}:${column}):`,
    shown.line,
    `${shown.carets} ${found.message}`,
    `${found.code}: ${found.cure}`,
    '',
  ].join('\n');
}
