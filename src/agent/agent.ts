// The agent: keeps many accounts on a host as they are desired, each by a loop of its own, repairs what others change, and
// says how each account stands. What is desired it is told; where that is kept durably is not its matter.

import type { Policy } from '../account/policy';
import type { AccountStatus } from './account-status';

/** What is wanted of one account. */
export interface Desired {
  readonly account: Policy;
  /** As the store counts them; only told back. */
  readonly version: number;
  /** Until when the version waits for a confirmation; the agent says so in the status and does nothing about it. */
  readonly confirmBy?: Date;
}

export type PutOutcome =
  | { readonly kind: 'in_force'; readonly status: AccountStatus }
  /** Of the first attempt. It is tried again and again, until it succeeds or something else is put. */
  | { readonly kind: 'failed'; readonly status: AccountStatus }
  /** Something newer was put before this one had its turn. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'closed' };

export interface Agent {
  /** Resolves after the first attempt. The same again is harmless, and confirms what had `confirmBy` when it has none. */
  put(desired: Desired): Promise<PutOutcome>;
  /** Takes away all that is the account's and nothing else. An account that nobody knows is none to remove: undefined. */
  remove(id: string): Promise<RemoveOutcome | undefined>;
  status(id: string): AccountStatus | undefined;
  /** Of all accounts, by name. */
  statuses(): readonly AccountStatus[];
  /** The kernel goes on filtering. Resolves when the work under way has ended. */
  close(): Promise<void>;
}

export type RemoveOutcome =
  | { readonly kind: 'removed' }
  /** Of the first attempt; it is tried again. */
  | { readonly kind: 'failed'; readonly status: AccountStatus }
  /** The account was put again. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'closed' };
