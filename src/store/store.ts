// What is desired of each account, kept so that a crash at any point loses nothing that was acknowledged and leaves nothing
// half. One process at a time has a store open. Versions are immutable.

import type { AccountRecord } from './account-record';

export interface Store {
  /** By account. */
  records(): Promise<readonly AccountRecord[]>;
  record(account: string): Promise<AccountRecord | undefined>;
  /**
   * Replaces the account's record, all of it or nothing. `added` is the text of the one version that the record before did not
   * name; the texts of those that this one no longer names go. One call at a time for an account.
   */
  put(record: AccountRecord, added?: AddedVersion): Promise<void>;
  /** Rejects with StoreError where the record does not name the version, or the text is not what was put. */
  document(account: string, version: number): Promise<string>;
  /** Everything of the account. One that is not there is none to forget. */
  forget(account: string): Promise<void>;
  /** When nothing is under way. Calling twice is harmless. */
  close(): void;
}

export interface AddedVersion {
  readonly version: number;
  readonly text: string;
}
