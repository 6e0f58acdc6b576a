// What is told of one tunnel's health, as plain data.

import type { TunnelState } from '../network/tunnel-state';
import type { Loss } from './loss-window';

export interface TunnelHealth {
  readonly state: TunnelState;
  /** Of this state. */
  readonly since: Date;
  /** Of the last 5 minutes. */
  readonly loss: Loss;
  /** Of the last probe that was answered, in milliseconds. */
  readonly rtt?: number;
  /** Why the last probe that failed did, or why none can be sent; absent once a healthy tunnel's probes succeed. */
  readonly reason?: HealthReason;
}

export interface HealthReason {
  /** Such as 'no_reply', 'ENODEV', 'EMFILE'. */
  readonly code: string;
  readonly message: string;
  readonly cure: string;
  readonly at: Date;
}
