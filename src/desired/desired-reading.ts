// What the agent is to have of a record: the desired document or, where it cannot be read or is refused, why. A document that
// an earlier program took may be refused by this one.

import type { AccountError } from '../agent/account-status';
import type { Backoff } from '../agent/agent-settings';
import { backoff } from '../agent/backoff';
import type { Desired, Unreadable } from '../agent/desired';
import { errorReports } from '../report/error-report';
import type { AccountRecord } from '../store/account-record';
import type { LostRecord } from '../store/lost-record';
import type { Store } from '../store/store';
import { StoreError } from '../store/store-error';
import { parseDocument } from './read-document';

export type DesiredReading =
  | { readonly kind: 'desired'; readonly desired: Desired }
  /** `cause` is what was thrown. */
  | { readonly kind: 'unreadable'; readonly unreadable: Unreadable; readonly cause: unknown };

/** How often it was tried to read it, this time included, and when it is tried again. */
export interface Attempt {
  readonly failures: number;
  readonly pace: Backoff;
}

/** Of a record whose account is not to be removed. */
export async function readDesired(store: Store, record: AccountRecord, attempt: Attempt): Promise<DesiredReading> {
  const outcome = await tryDesired(store, record);
  if ('desired' in outcome) return { kind: 'desired', ...outcome };
  const { cause } = outcome;
  const { account, desired: version = 0, pending } = record;
  const error = errorOf(cause, account, sourceOf(account, version));
  const optional = { ...(pending && { confirmBy: pending.deadline }), ...retry(cause, attempt) };
  return { kind: 'unreadable', unreadable: { account, version, error, ...optional }, cause };
}

export async function isReadable(store: Store, record: AccountRecord): Promise<boolean> {
  return record.desired !== undefined && 'desired' in (await tryDesired(store, record));
}

/** Whatever is in the way, it is one account's, and is told with it. */
async function tryDesired(
  store: Store,
  record: AccountRecord,
): Promise<{ readonly desired: Desired } | { readonly cause: unknown }> {
  try {
    return { desired: await desiredOf(store, record) };
  } catch (cause) {
    return { cause };
  }
}

/** Of an account whose record cannot be read. */
export function unreadableRecord({ account, error }: LostRecord, attempt: Attempt): Unreadable {
  return { account, error: errorOf(error, account, `the record of ${account}`), ...retry(error, attempt) };
}

/** Rejects with StoreError or PolicyError. */
export async function desiredOf(store: Store, record: AccountRecord): Promise<Desired> {
  const { account, desired: version = 0, pending, restore } = record;
  const text = await store.document(account, version);
  return {
    account: parseDocument({ text, source: sourceOf(account, version) }),
    version,
    ...(pending && { confirmBy: pending.deadline }),
    ...(restore && { counts: restore }),
  };
}

function sourceOf(account: string, version: number): string {
  return `version ${version} of ${account}`;
}

/** What the disk refuses may be there another time, and a file that is damaged may be brought back; a document stays as it is. */
function retry(cause: unknown, { failures, pace }: Attempt): Pick<Unreadable, 'failures' | 'retryAt'> {
  if (!(cause instanceof StoreError)) return { failures };
  return { failures, retryAt: new Date(Date.now() + backoff(pace, failures, Math.random())) };
}

function errorOf(cause: unknown, account: string, place: string): AccountError {
  const [first, ...others] = errorReports(cause);
  const { code = 'defect', message = String(cause), cure, details } = first ?? {};
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  const lines = code === 'defect' && details !== undefined ? `\n${details}` : '';
  const mend = `put a valid document with \`rampart apply\`, or \`rampart rollback ${account} N\` to one of \`rampart versions ${account}\``;
  const itself =
    cure === undefined
      ? ''
      : cause instanceof StoreError
        ? `; or ${cure}: it is read again by itself`
        : `; in it: ${cure}`;
  const known = first?.place ?? place;
  return { code, place: known, message: `${message}${more}${lines}`, cure: `${mend}${itself}`, rules: [] };
}
