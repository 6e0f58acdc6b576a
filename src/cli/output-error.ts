// Errors and warnings as the user sees them: lines with place, code and cure; with --json one object {"errors": […]}.

import { type ErrorReport, errorReports } from '../report/error-report';
import type { Sink } from './output';

export function printError(sink: Sink, json: boolean, error: unknown): void {
  const reports = errorReports(error);
  sink.write(json ? `${JSON.stringify({ errors: reports })}\n` : reports.map(each => printReport(each)).join(''));
}

/** Ends in a newline. */
export function printReport({ code, place, path, message, cure, details }: ErrorReport, severity = ''): string {
  const where = [place, path].filter(part => part !== undefined && part !== '').join(' ');
  return [
    `rampart: ${where === '' ? '' : `${where}: `}${severity}${message} [${code}]\n`,
    details === undefined ? '' : details.replaceAll(/^/gm, '  ').concat('\n'),
    cure === undefined ? '' : `  cure: ${cure}\n`,
  ].join('');
}
