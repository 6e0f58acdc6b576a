// The ways in which an account's record goes on: a new version, a confirmation, the way back. Pure: each gives the next
// record, which is all that a store has to keep.

import type { AccountRecord, PendingConfirmation, SavedCounts, VersionRecord } from '../store/account-record';

/** Absent: the version stays without anybody's confirmation. */
export interface Confirmation {
  readonly deadline: Date;
  readonly milliseconds: number;
  /** Of the version in force. */
  readonly counts: SavedCounts;
}

/** `before` undefined: the account is new. At most `kept` versions stay, and those that something leads back to. */
export function withVersion(
  account: string,
  before: AccountRecord | undefined,
  added: VersionRecord,
  kept: number,
  confirmation?: Confirmation,
): AccountRecord {
  const previous = before?.desired;
  const leadingBack = previous === undefined ? {} : { previous };
  const next = {
    account,
    desired: added.version,
    ...leadingBack,
    ...(confirmation !== undefined && { pending: { ...confirmation, ...leadingBack } }),
    versions: [...(before?.versions ?? []), added],
  };
  return { ...next, versions: keptVersions(next, kept) };
}

export function nextVersion(before: AccountRecord | undefined): number {
  return (before?.versions.at(-1)?.version ?? 0) + 1;
}

/** The desired version stays. */
export function confirmed({ pending, ...record }: AccountRecord): AccountRecord {
  return record;
}

/** Nobody confirmed: what was desired before is again, its rules with their counts. */
export function expired(record: AccountRecord, { previous, counts }: PendingConfirmation): AccountRecord {
  return previous === undefined ? removing(record) : { ...backTo(record, previous), restore: counts };
}

/** To an earlier version or a later one. */
export function backTo({ account, desired, versions }: AccountRecord, version: number): AccountRecord {
  return { account, desired: version, ...(desired !== undefined && { previous: desired }), versions };
}

export function removing({ account, versions }: AccountRecord): AccountRecord {
  return { account, versions };
}

/** The desired version is in force with its counts. */
export function restored({ restore, ...record }: AccountRecord): AccountRecord {
  return record;
}

function keptVersions({ desired, previous, versions }: AccountRecord, kept: number): readonly VersionRecord[] {
  const youngest = new Set(versions.slice(-kept));
  return versions.filter(each => youngest.has(each) || each.version === desired || each.version === previous);
}
