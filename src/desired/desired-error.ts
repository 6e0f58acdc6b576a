// Why a change of what is desired is refused before anything of it is done. What is wrong with a document itself is told by
// PolicyError and ExpressionError.

import { CodedError } from '../diagnostic/coded-error';
import type { AccountRecord, PendingConfirmation } from '../store/account-record';

export type DesiredErrorCode =
  | 'account.unknown'
  /** The document is another account's. */
  | 'account.differs'
  | 'confirmation.pending'
  | 'confirmation.none'
  | 'confirmation.not-in-force'
  /** What would come back cannot be read. */
  | 'confirmation.no-way-back'
  | 'version.unknown'
  | 'version.none-before'
  /** The accounts come from a folder of documents. */
  | 'desired.folder'
  | 'desired.empty-folder';

export class DesiredError extends CodedError<DesiredErrorCode> {
  override readonly name = 'DesiredError';
}

export function unknownAccount(account: string): DesiredError {
  return new DesiredError(
    'account.unknown',
    `there is no account ${account}`,
    '`rampart status` shows which there are',
  );
}

export function unknownVersion(account: string, version: number): DesiredError {
  const cure = `\`rampart versions ${account}\` shows which there are`;
  return new DesiredError('version.unknown', `account ${account} has no version ${version}`, cure);
}

export function noVersionBefore(account: string): DesiredError {
  const cure = `\`rampart remove ${account}\` takes the account away`;
  return new DesiredError('version.none-before', `account ${account} has no version before this one`, cure);
}

export function pendingConfirmation({ account, desired }: AccountRecord, pending: PendingConfirmation): DesiredError {
  return new DesiredError(
    'confirmation.pending',
    `version ${desired} of account ${account} waits for its confirmation until ${pending.deadline.toISOString()}`,
    `\`rampart confirm ${account}\` or \`rampart rollback ${account}\` first`,
  );
}

export function nothingToConfirm(account: string): DesiredError {
  const cure = `\`rampart status ${account}\` shows which version is in force`;
  return new DesiredError('confirmation.none', `nothing of account ${account} waits for a confirmation`, cure);
}

export function notInForce(account: string): DesiredError {
  return new DesiredError(
    'confirmation.not-in-force',
    `what account ${account} waits to have confirmed is not in force`,
    `\`rampart status ${account}\` says why; \`rampart rollback ${account}\` gives it up`,
  );
}

/** `version` undefined: not even that is known. */
export function noWayBack(account: string, version: number | undefined): DesiredError {
  const what = version === undefined ? 'what is desired' : `version ${version}`;
  return new DesiredError(
    'confirmation.no-way-back',
    `${what} of account ${account}, which would come back, cannot be read`,
    `\`rampart status ${account}\` says why; put a document that needs no confirmation first`,
  );
}

export function documentDiffers(wanted: string, found: string): DesiredError {
  return new DesiredError(
    'account.differs',
    `the document is of account ${found}, not of ${wanted}`,
    `put it as account ${found}, or change its \`account:\``,
  );
}
