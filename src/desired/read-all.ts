// What the agent is told at its start: of each account what is desired, or why nobody can tell. What was not confirmed in time
// is rolled back before.

import type { Backoff } from '../agent/agent-settings';
import type { Desired, Unreadable } from '../agent/desired';
import type { Store } from '../store/store';
import type { DesiredEvent } from './desired-event';
import { readDesired, unreadableRecord } from './desired-reading';
import { leftoversOf } from './leftovers';
import { rollBackOverdue } from './overdue';

export interface AllDesired {
  readonly desired: readonly Desired[];
  readonly unreadable: readonly Unreadable[];
}

export async function readAllDesired(
  store: Store,
  pace: Backoff,
  tell: (event: DesiredEvent) => void,
): Promise<AllDesired> {
  const first = { failures: 1, pace };
  const records = await rollBackOverdue(store, new Date(), tell);
  const desired: Desired[] = [];
  const unreadable: Unreadable[] = [];
  for (const lost of await store.lost()) {
    const left = await leftoversOf(store, { account: lost.account, versions: [] });
    unreadable.push({ ...unreadableRecord(lost, first), ...left });
  }
  for (const record of records) {
    if (record.desired === undefined) continue;
    const reading = await readDesired(store, record, first);
    const left = await leftoversOf(store, record);
    if (reading.kind === 'desired') desired.push({ ...reading.desired, ...left });
    else unreadable.push({ ...reading.unreadable, ...left });
  }
  return { desired, unreadable };
}
