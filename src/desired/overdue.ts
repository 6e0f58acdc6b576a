// What a process that ended left to do: confirmations whose time went by while nobody kept it.

import type { AccountRecord } from '../store/account-record';
import type { Store } from '../store/store';
import { remaining } from './confirmation-time';
import type { DesiredEvent } from './desired-event';
import { expired } from './record-change';

/** Before anything else is done with those accounts. The records as they are then. */
export async function rollBackOverdue(
  store: Store,
  now: Date,
  tell: (event: DesiredEvent) => void,
): Promise<readonly AccountRecord[]> {
  for (const record of await store.records()) {
    const { account, desired: version = 0, pending } = record;
    if (pending === undefined || remaining(pending, now) > 0) continue;
    const next = expired(record, pending);
    await store.put(next);
    tell({ kind: 'rolled_back', account, version, ...(next.desired !== undefined && { to: next.desired }) });
  }
  return store.records();
}
