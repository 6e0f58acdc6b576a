// A thrown error as an answer: the status by its code, and the same reports that the command line prints.

import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { CodedError } from '../diagnostic/coded-error';
import { type ErrorReport, errorReports } from '../report/error-report';
import { answer } from './json-answer';

/** By the code, or by what stands before its first dot. What is not here is our own fault, 500. */
const STATUS: Readonly<Record<string, number>> = {
  'request.no-resource': 404,
  'request.value': 400,
  'request.too-large': 413,
  'request.malformed': 400,
  'account.unknown': 404,
  'account.differs': 422,
  'version.unknown': 404,
  'version.none-before': 409,
  'store.no-version': 404,
  confirmation: 409,
  desired: 409,
  policy: 422,
  expression: 422,
  rules: 422,
  reconcile: 409,
  store: 503,
};

/** Of compiler diagnostics: RF2001 and its like. */
const DIAGNOSTIC = /^RF[0-9]{4}$/;

/** What the system refuses, and may take another time. */
const ERRNO = /^E[A-Z0-9]+$/;

export class RequestError extends CodedError<
  'request.no-resource' | 'request.value' | 'request.too-large' | 'request.malformed'
> {
  override readonly name = 'RequestError';
}

export const notFound: RequestHandler = ({ method, path }, _response) => {
  throw new RequestError(
    'request.no-resource',
    `there is no ${method} ${path}`,
    'see docs/accounts.md for what there is',
  );
};

/** What is our own fault goes into the log with its stack. */
export function answerErrors(log: Logger): ErrorRequestHandler {
  // Four parameters make it express's error handler.
  return (error, _request, response, _next) => {
    const reports = errorReports(ofExpress(error) ?? error);
    const status = statusOf(reports);
    if (status >= 500) log.error({ err: error }, 'a request failed');
    answer(response, status, { errors: reports.map(withoutStack) });
  };
}

function statusOf([first]: readonly ErrorReport[]): number {
  const code = first?.code ?? '';
  if (DIAGNOSTIC.test(code)) return 422;
  if (ERRNO.test(code)) return 503;
  return STATUS[code] ?? STATUS[code.split('.')[0] ?? ''] ?? 500;
}

function withoutStack(report: ErrorReport): ErrorReport {
  if (report.code !== 'defect') return report;
  return { code: 'defect', message: report.message, cure: 'this is a defect of rampart; its log has more' };
}

/** What express and its body parser throw has a status, and a type for what is wrong with a body. */
function ofExpress(error: unknown): RequestError | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status === 413) {
    const limit = 'limit' in error ? ` of ${error.limit} bytes` : '';
    return new RequestError('request.too-large', `the body is beyond the limit${limit}`, 'shorten it');
  }
  if (error.status >= 500) return undefined;
  return new RequestError('request.malformed', error.message, 'see docs/accounts.md for what is asked how');
}
