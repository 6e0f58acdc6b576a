// Errors as data for whoever asked, at a terminal or over HTTP: what failed, where, and the cure. Every error class of
// Rampart has a code and most have a cure; what has neither is a defect and shows its stack.

import { PolicyError } from '../account/policy-file';
import { ExpressionError, expressionReports } from './expression-report';

export interface ErrorReport {
  readonly code: string;
  /** Such as policy.yaml:3:14; of an expression on the command line its own 3:14. */
  readonly place?: string;
  /** JSON pointer into a policy. */
  readonly path?: string;
  /** The ref of a policy's rule. */
  readonly rule?: string;
  readonly message: string;
  readonly cure?: string;
  /** Lines to show: the source with carets, the verifier's log, the stack of a defect. */
  readonly details?: string;
  /** Of a refused expression, as Wirefilter counts: from 1, columns and lengths in UTF-8 bytes. */
  readonly expression?: {
    readonly kind: string;
    readonly line: number;
    readonly column: number;
    readonly length: number;
  };
}

/** Reports that were made elsewhere, by an agent that was asked. */
export class ReportedError extends Error {
  override readonly name = 'ReportedError';
  readonly code = 'reported';
  /** At least one. */
  readonly reports: readonly ErrorReport[];

  constructor(reports: readonly ErrorReport[]) {
    super(reports.map(({ message }) => message).join('; '));
    this.reports = reports;
  }
}

export function errorReports(error: unknown): readonly ErrorReport[] {
  if (error instanceof ReportedError) return error.reports;
  if (error instanceof PolicyError) {
    return error.problems.map(({ code, path, line, column, message, cure }) => {
      return { code, place: `${error.file}:${line}:${column}`, path, message, cure };
    });
  }
  if (error instanceof ExpressionError) return error.refused.flatMap(expressionReports);
  return [reportOf(error)];
}

function reportOf(error: unknown): ErrorReport {
  if (!(error instanceof Error)) return { code: 'defect', message: String(error) };
  const code = textProperty(error, 'code');
  if (code === undefined) return { code: 'defect', message: error.message, ...optional('details', error.stack) };
  const cure = textProperty(error, 'cure') ?? fileCure(error, code);
  return {
    code,
    message: withoutSuffix(withoutSuffix(error.message, `: ${cure}`), `; ${cure}`),
    ...optional('cure', cure),
    ...optional('details', textProperty(error, 'verifierLog')),
  };
}

/** Of a file that the command line names; such errors are Node's own. */
function fileCure(error: Error, code: string): string | undefined {
  const path = textProperty(error, 'path');
  if (path === undefined && textProperty(error, 'syscall') !== 'read') return undefined;
  const cures: Readonly<Record<string, string>> = {
    ENOENT: 'name a file that exists',
    EISDIR: 'name a file, not a folder',
    ENOTDIR: 'name a file; a part of this path is no folder',
    EACCES: 'make it readable, or run as a user who may read it',
  };
  return cures[code];
}

/** Some messages end with their cure, for those who see only the message. */
function withoutSuffix(text: string, suffix: string): string {
  return text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
}

function textProperty(error: Error, name: string): string | undefined {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
}

function optional<Name extends string>(name: Name, value: string | undefined): { [name in Name]?: string } {
  const property: { [name in Name]?: string } = {};
  if (value !== undefined) property[name] = value;
  return property;
}
