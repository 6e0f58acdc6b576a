// The agent's own settings. All times are milliseconds.

import { DEFAULT_REALM } from '../network/names';
import type { Target } from '../reconcile/target';

export interface AgentSettings {
  /** Keeps two agents on one machine apart: `[a-z0-9-]{1,32}`. */
  readonly realm: string;
  /** The namespace that accounts are connected to; the process's own, but for tests. */
  readonly host: Target;
  /** Accounts that are worked on at the same time. */
  readonly concurrency: number;
  readonly backoff: Backoff;
  readonly repair: RepairPace;
  /** Between two looks at everything of an account, whatever the events said. */
  readonly verifyEvery: number;
  /** Refusals in a row after which a fresh generation is made beside the tables in force. */
  readonly failuresBeforeRebuild: number;
  /** Bytes of events of one namespace that may lie unread; memory is taken only for what does. */
  readonly eventBuffer: number;
}

export interface Backoff {
  readonly first: number;
  readonly most: number;
  /** Of the wait: 0.2 makes it up to a fifth shorter, so that what failed together is not tried together. */
  readonly jitter: number;
}

export interface RepairPace {
  /** From a foreign change to its repair: what comes within is repaired at once. */
  readonly first: number;
  /** Against a tool that fights back each repair waits twice as long as the one before, up to this. */
  readonly most: number;
  /** So long without a foreign change, and the pace is the first again. */
  readonly quiet: number;
}

export const DEFAULT_AGENT_SETTINGS: AgentSettings = {
  realm: DEFAULT_REALM,
  host: { namespace: undefined },
  concurrency: 8,
  backoff: { first: 500, most: 60_000, jitter: 0.2 },
  repair: { first: 20, most: 400, quiet: 10_000 },
  verifyEvery: 60_000,
  failuresBeforeRebuild: 3,
  eventBuffer: 8 << 20,
};
