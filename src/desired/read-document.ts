// An account's document as text, read and compiled: what may become desired. Everything that is wrong with it is thrown as
// one error with places.

import type { Account } from '../account/account';
import { parseAccount } from '../account/parse-account';
import { PolicyError } from '../account/policy-file';
import { type CompileOptions, compile } from '../compile';
import type { ErrorReport } from '../report/error-report';
import { expressionReports, expressionsOf, refusedPolicy } from '../report/expression-report';
import { probeReports } from '../report/probe-report';
import { documentDiffers } from './desired-error';

export interface GivenDocument {
  readonly text: string;
  /** What places in it are told by, such as a file's name. */
  readonly source: string;
}

export interface ReadDocument {
  readonly account: Account;
  readonly warnings: readonly ErrorReport[];
}

/** Throws PolicyError or ExpressionError. */
export function readDocument(given: GivenDocument, options: CompileOptions): ReadDocument {
  const account = parseDocument(given);
  const outcome = compile(account, options);
  if (!outcome.ok) throw refusedPolicy(given.source, account, outcome.refused);
  const warned = expressionsOf(given.source, account, outcome.warned).flatMap(expressionReports);
  return { account, warnings: [...warned, ...probeReports(account, options)] };
}

/** Of that account; throws DesiredError where the document says another one. */
export function readDocumentOf(account: string, given: GivenDocument, options: CompileOptions): ReadDocument {
  const read = readDocument(given, options);
  if (read.account.account !== account) throw documentDiffers(account, read.account.account);
  return read;
}

/** Without a look at the expressions. */
export function parseDocument({ text, source }: GivenDocument): Account {
  const reading = parseAccount(text);
  if (reading.kind === 'refused') throw new PolicyError(source, reading.problems);
  return reading.account;
}
