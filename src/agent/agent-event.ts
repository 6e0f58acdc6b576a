// What happens to accounts, as the agent tells it: one event is one line of its log.

import type { TunnelState } from '../network/tunnel-state';
import type { AccountError, Author } from './account-status';

export type AgentEvent =
  | {
      readonly kind: 'in_force';
      readonly account: string;
      readonly version: number;
      /** In words: what was added, removed, changed, moved; empty where the kernel had it already. */
      readonly changes: readonly string[];
      readonly milliseconds: number;
    }
  | {
      readonly kind: 'failed';
      readonly account: string;
      /** Absent where the account is to be removed, or nobody can tell what is desired of it. */
      readonly version: number | undefined;
      readonly error: AccountError;
      /** In a row. */
      readonly failures: number;
      /** Milliseconds; absent where trying the same again cannot help. */
      readonly retryIn: number | undefined;
    }
  /** Others changed something of the account's, and it is as desired again. */
  | {
      readonly kind: 'repaired';
      readonly account: string;
      readonly changes: readonly string[];
      /** Who has committed to nf_tables in the meantime. Of links and routes the kernel does not say who it was. */
      readonly by: readonly Author[];
      readonly milliseconds: number;
    }
  /** The states of tunnels have changed, and routes with them: these are the ones that the routes go by. */
  | {
      readonly kind: 'rerouted';
      readonly account: string;
      readonly tunnels: Readonly<Record<string, TunnelState>>;
      readonly changes: readonly string[];
    }
  /** The old tables could not be changed into the wanted ones, and a fresh generation took their place. */
  | { readonly kind: 'rebuilt'; readonly account: string; readonly version: number | undefined }
  /** The kernel dropped events: everything of the account is read again. */
  | { readonly kind: 'events_lost'; readonly account: string }
  | { readonly kind: 'removed'; readonly account: string; readonly changes: readonly string[] }
  /** Objects of this realm whose account nobody wants. */
  | { readonly kind: 'swept'; readonly account: string; readonly changes: readonly string[] }
  /** Something could not be read, so nothing was swept; it is tried again. */
  | { readonly kind: 'sweep_put_off'; readonly error: AccountError };
