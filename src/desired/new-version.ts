// The next version of an account's document, written to the store before anybody is told of it. One that must be confirmed
// is not taken where nothing could be brought back: the way back is what it is for.

import type { Agent } from '../agent/agent';
import { NOTHING_SAVED, savedCounts } from '../reconcile/saved-counts';
import type { AccountRecord } from '../store/account-record';
import { documentDigest } from '../store/document-digest';
import type { Store } from '../store/store';
import { noWayBack } from './desired-error';
import { isReadable } from './desired-reading';
import { isLost } from './known-record';
import { type Confirmation, nextVersion, withVersion } from './record-change';

export interface NewVersionOptions {
  readonly store: Store;
  readonly agent: Pick<Agent, 'counters'>;
  /** Versions that are kept of an account; more where one of them is what a way back leads to. */
  readonly keptVersions: number;
}

/** `before` undefined: the account is new. `confirmWithin`: milliseconds. Throws DesiredError; nothing is written then. */
export async function storeNewVersion(
  { store, agent, keptVersions }: NewVersionOptions,
  account: string,
  before: AccountRecord | undefined,
  text: string,
  confirmWithin: number | undefined,
): Promise<AccountRecord> {
  const version = nextVersion(before);
  const added = { version, created: new Date(), digest: documentDigest(text) };
  if (confirmWithin !== undefined && !(await hasWayBack(store, account, before)))
    throw noWayBack(account, before?.desired);
  const confirmation = confirmWithin === undefined ? undefined : await confirmationOf(agent, account, confirmWithin);
  const record = withVersion(account, before, added, keptVersions, confirmation);
  await store.put(record, { version, text });
  return record;
}

/** The same text again is no new version, but mends a file of it that is damaged. */
export async function isDesired(store: Store, record: AccountRecord, text: string): Promise<boolean> {
  const last = record.versions.find(({ version }) => version === record.desired);
  return last?.digest === documentDigest(text) && (await isReadable(store, record));
}

async function hasWayBack(store: Store, account: string, before: AccountRecord | undefined): Promise<boolean> {
  if (await isLost(store, account)) return false;
  return before?.desired === undefined || isReadable(store, before);
}

async function confirmationOf(
  agent: Pick<Agent, 'counters'>,
  account: string,
  milliseconds: number,
): Promise<Confirmation> {
  const counters = await agent.counters(account);
  const counts = counters === undefined ? NOTHING_SAVED : savedCounts(counters);
  return { deadline: new Date(Date.now() + milliseconds), milliseconds, counts };
}
