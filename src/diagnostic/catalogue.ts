// Every diagnostic of the language: its stable code, Wirefilter's name for the kind of error, the message (Wirefilter's
// words where it has any), the cure, and an expression that shows it. The first digit of a code names its group, which
// is a file of catalogue/; codes are never reused. Errors refuse an expression, warnings (RF4xxx) let it pass.

import { LITERAL_ERRORS } from './catalogue/literal';
import { NAME_ERRORS } from './catalogue/name';
import type { ErrorKind, WarningKind } from './catalogue/row';
import { SYNTAX_ERRORS } from './catalogue/syntax';
import { WARNINGS } from './catalogue/warning';

export type Severity = 'error' | 'warning';
export type Kind = ErrorKind | WarningKind;

export interface CatalogueEntry {
  readonly code: string;
  readonly severity: Severity;
  readonly kind: Kind;
  readonly message: string;
  readonly cure: string;
  readonly example: string;
}

export type ErrorName = keyof typeof SYNTAX_ERRORS | keyof typeof NAME_ERRORS | keyof typeof LITERAL_ERRORS;
export type WarningName = keyof typeof WARNINGS;
export type Problem = ErrorName | WarningName;

export const CATALOGUE: Readonly<Record<Problem, CatalogueEntry>> = {
  ...withSeverity('error', { ...SYNTAX_ERRORS, ...NAME_ERRORS, ...LITERAL_ERRORS }),
  ...withSeverity('warning', WARNINGS),
};

type Row = Omit<CatalogueEntry, 'severity'>;

function withSeverity<Name extends string>(severity: Severity, rows: Readonly<Record<Name, Row>>) {
  const entries = (Object.entries(rows) as [Name, Row][]).map(([name, row]) => [name, { ...row, severity }] as const);
  return Object.fromEntries(entries) as Record<Name, CatalogueEntry>;
}
