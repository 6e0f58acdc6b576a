// What the agent is to have of a record: the desired document or, where it cannot be read or is refused, why. A document that
// an earlier program took may be refused by this one.

import type { AccountError } from '../agent/account-status';
import type { Desired, Unreadable } from '../agent/desired';
import { errorReports } from '../report/error-report';
import type { AccountRecord } from '../store/account-record';
import type { Store } from '../store/store';
import { parseDocument } from './read-document';

export type DesiredReading =
  | { readonly kind: 'desired'; readonly desired: Desired }
  /** `cause` is what was thrown. */
  | { readonly kind: 'unreadable'; readonly unreadable: Unreadable; readonly cause: unknown };

/** Of a record whose account is not to be removed. */
export async function readDesired(store: Store, record: AccountRecord): Promise<DesiredReading> {
  try {
    return { kind: 'desired', desired: await desiredOf(store, record) };
  } catch (cause) {
    // Whatever it is, it is one account's, and is told with it.
    const { account, desired: version = 0, pending } = record;
    const error = errorOf(cause, account, version);
    const unreadable = { account, version, error, ...(pending && { confirmBy: pending.deadline }) };
    return { kind: 'unreadable', unreadable, cause };
  }
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

function errorOf(cause: unknown, account: string, version: number): AccountError {
  const [first, ...others] = errorReports(cause);
  const { code = 'defect', place = sourceOf(account, version), message = String(cause), cure, details } = first ?? {};
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  const lines = code === 'defect' && details !== undefined ? `\n${details}` : '';
  const mend = `put a valid document with \`rampart apply\`, or \`rampart rollback ${account}\``;
  const itself = cure === undefined ? '' : `; of this one: ${cure}, and start the agent again`;
  return { code, place, message: `${message}${more}${lines}`, cure: `${mend}${itself}`, rules: [] };
}
