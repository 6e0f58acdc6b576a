// The way back from versions that nobody confirmed. It is gone even where the disk refuses to write it: what is on the disk
// then leads to the same after a restart.

import { errorReports } from '../report/error-report';
import type { AccountRecord } from '../store/account-record';
import type { Store } from '../store/store';
import { remaining } from './confirmation-time';
import type { DesiredEvent } from './desired-event';
import { expired } from './record-change';

type Tell = (event: DesiredEvent) => void;

/** The records as they are to be, those rolled back whose time went by while no agent ran. */
export async function rollBackOverdue(store: Store, now: Date, tell: Tell): Promise<readonly AccountRecord[]> {
  const records: AccountRecord[] = [];
  for (const record of await store.records()) records.push(await rolledBack(store, record, now, tell));
  return records;
}

/** The record as it is to be, where it has just been read. */
export async function rolledBack(store: Store, record: AccountRecord, now: Date, tell: Tell): Promise<AccountRecord> {
  const { pending } = record;
  if (pending === undefined || remaining(pending, now) > 0) return record;
  const next = expired(record, pending);
  await storeRollback(store, record, next, tell);
  return next;
}

/** Whether it is on the disk; told either way. */
export async function storeRollback(
  store: Store,
  { account, desired: version = 0 }: AccountRecord,
  next: AccountRecord,
  tell: Tell,
): Promise<boolean> {
  try {
    await store.put(next);
  } catch (error) {
    for (const report of errorReports(error)) tell({ kind: 'not_stored', account, error: report });
    return false;
  }
  tell({ kind: 'rolled_back', account, version, ...(next.desired !== undefined && { to: next.desired }) });
  return true;
}
