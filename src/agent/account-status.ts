// What the agent says of one account, as plain data: what is wanted of it, what the kernel has, and what stands between.

import type { TunnelHealth } from '../health/tunnel-health';

export type AccountState =
  /** The kernel has what is desired. */
  | 'in_force'
  /** The same, and the version before comes back unless somebody confirms this one. */
  | 'pending_confirmation'
  /** Work on it is under way or waits its turn. */
  | 'applying'
  /** Refused; what was in force before still is. `error` says why, `nextRetryAt` when it is tried again. */
  | 'failed'
  | 'removing';

export interface AccountStatus {
  readonly account: string;
  readonly state: AccountState;
  /** Where it is filtered, as `ip netns` names it; absent for the host's own. */
  readonly namespace?: string;
  /** Versions as the store counts them. Absent while the account is removed, and where nobody can tell what is desired. */
  readonly desired?: number;
  /** Absent before the first one is in force. Of an account adopted from an earlier agent, absent until compared. */
  readonly applied?: number;
  /** Digest of the rules in force, as `rampart show` names it. */
  readonly policyVersion?: string;
  /** When the kernel was last found, or made, to be as desired. */
  readonly verifiedAt?: Date;
  /** Until when the version waits for its confirmation. */
  readonly confirmBy?: Date;
  readonly error?: AccountError;
  /** Failures in a row. */
  readonly failures: number;
  readonly nextRetryAt?: Date;
  readonly drift: Drift;
  readonly timings: Timings;
  /** By name; those with a health check. */
  readonly tunnels: Readonly<Record<string, TunnelHealth>>;
}

/** Why an account is not as desired. */
export interface AccountError {
  /** Such as 'rule.refused', 'EMFILE'. */
  readonly code: string;
  /** In a document, where it is one's: 'version 2 of acme:3:14'. */
  readonly place?: string;
  readonly message: string;
  readonly cure: string;
  /** Each rule that is at fault, where it is one's. */
  readonly rules: readonly RuleError[];
}

export interface RuleError {
  readonly ref: string;
  readonly code: string;
  readonly message: string;
  readonly cure: string;
}

/** What others changed of the account's objects, and was put right. */
export interface Drift {
  readonly count: number;
  readonly last?: DriftFound;
}

export interface DriftFound {
  readonly at: Date;
  /** In words: 'rules changed: ssh, web', 'link uplink is gone'. */
  readonly changes: readonly string[];
  /** Who committed to nf_tables since the last look; rtnetlink does not say who made a change. */
  readonly by: readonly Author[];
}

export interface Author {
  readonly processId: number;
  /** As the kernel names the task (comm): 15 bytes at most. */
  readonly processName: string;
}

/** Of the last change that came into force, in milliseconds. */
export interface Timings {
  readonly compile?: number;
  readonly apply?: number;
  /** From the event that told of a foreign change to the end of its repair. */
  readonly repair?: number;
}
