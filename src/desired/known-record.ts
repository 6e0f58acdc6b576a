// The record that a change of an account goes on from. Of one that cannot be read there are the versions whose texts are
// still there; what is asked for next takes its place.

import type { AccountRecord } from '../store/account-record';
import type { Store } from '../store/store';
import { noVersionBefore, unknownAccount, unknownVersion } from './desired-error';

export async function knownRecord(store: Store, account: string): Promise<AccountRecord> {
  const record = await recordOrVersions(store, account);
  if (record === undefined) throw unknownAccount(account);
  return record;
}

/** undefined where the account is not there. */
export async function recordOrVersions(store: Store, account: string): Promise<AccountRecord | undefined> {
  return (await isLost(store, account)) ? store.salvage(account) : store.record(account);
}

export async function isLost(store: Store, account: string): Promise<boolean> {
  return (await store.lost()).some(lost => lost.account === account);
}

/** `version` undefined: the one before. */
export function earlierVersion({ account, previous, versions }: AccountRecord, version: number | undefined): number {
  const wanted = version ?? previous;
  if (wanted === undefined) throw noVersionBefore(account);
  if (versions.some(each => each.version === wanted)) return wanted;
  throw unknownVersion(account, wanted);
}
