// What is desired of each account, kept so that a crash at any point loses nothing that was acknowledged and leaves nothing
// half. One process at a time has a store open. Versions are immutable.

import type { AccountRecord } from './account-record';
import type { Footprint } from './footprint';
import type { LostRecord } from './lost-record';
import type { StoreError } from './store-error';

export interface Store {
  /** What was found in its folders that is of no account, or could not be cleaned away. */
  readonly problems: readonly StoreError[];
  /** Those that can be read, by account. */
  records(): Promise<readonly AccountRecord[]>;
  /** The others, by account. */
  lost(): Promise<readonly LostRecord[]>;
  /** undefined where there is no such account. Rejects with the error of a lost one. */
  record(account: string): Promise<AccountRecord | undefined>;
  /** A lost one once more, for what was in the way may be gone. */
  reread(account: string): Promise<void>;
  /** Which versions of a lost one there are, by their texts. Rejects with StoreError where these cannot be read. */
  salvage(account: string): Promise<AccountRecord>;
  /**
   * Replaces the account's record, all of it or nothing; one that was lost is kept beside it. `added` is the text of the one
   * version that the record before did not name; the texts of those that this one no longer names go. One call at a time for
   * an account.
   */
  put(record: AccountRecord, added?: AddedVersion): Promise<void>;
  /** Rejects with StoreError where the record does not name the version, or the text is not what was put. */
  document(account: string, version: number): Promise<string>;
  /** undefined where it is not known. Also of a lost one. */
  footprint(account: string): Promise<Footprint | undefined>;
  /** Of an account that is there. */
  putFootprint(account: string, footprint: Footprint): Promise<void>;
  /** Everything of the account. One that is not there is none to forget. */
  forget(account: string): Promise<void>;
  /** When nothing is under way. Calling twice is harmless. */
  close(): void;
}

export interface AddedVersion {
  readonly version: number;
  readonly text: string;
}
