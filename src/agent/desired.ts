// What is asked of the agent, and how it answers.

import type { Account, AccountNamespace } from '../account/account';
import type { SavedCounts } from '../reconcile/saved-counts';
import type { AccountError, AccountStatus } from './account-status';

/** What an agent before this one may have left in the kernel. */
export interface Leftovers {
  /** What was in force: it is looked after while what is desired is refused, or nobody can tell what it is. */
  readonly meanwhile?: Pick<Desired, 'account' | 'version'>;
  /** Where there may be something, besides a namespace of the account's own. */
  readonly alsoIn?: readonly AccountNamespace[];
}

/** What is wanted of one account. */
export interface Desired extends Leftovers {
  readonly account: Account;
  /** As the store counts them; only told back. */
  readonly version: number;
  /** Until when the version waits for a confirmation; the agent says so in the status and does nothing about it. */
  readonly confirmBy?: Date;
  /** Rules that are not in force go on from what is here of them. */
  readonly counts?: SavedCounts;
}

/** An account of which nobody can tell what is wanted: what the kernel has of it stays. */
export interface Unreadable extends Leftovers, Pick<Desired, 'confirmBy'> {
  readonly account: string;
  /** Absent where not even that is known. */
  readonly version?: number;
  readonly error: AccountError;
  /** In a row. */
  readonly failures: number;
  /** When it is read again; absent where that cannot help. */
  readonly retryAt?: Date;
}

export type PutOutcome =
  | { readonly kind: 'in_force'; readonly status: AccountStatus }
  /** Of the first attempt. It is tried again and again, until it succeeds or something else is put. */
  | { readonly kind: 'failed'; readonly status: AccountStatus }
  /** Something newer was put before this one was in force. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'closed' };

export type RemoveOutcome =
  | { readonly kind: 'removed' }
  /** Of the first attempt; it is tried again. */
  | { readonly kind: 'failed'; readonly status: AccountStatus }
  /** The account was put again. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'closed' };
