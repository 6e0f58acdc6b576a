// How an account stands: kept up by its keeper as things happen, and told as its status. Pure.

import type { TunnelHealth } from '../health/tunnel-health';
import type { AccountError, AccountState, AccountStatus, Drift, DriftFound, Timings } from './account-status';
import type { Desired, Unreadable } from './desired';

export interface Standing {
  /** undefined: the account is to be removed. */
  readonly desired: Desired | undefined;
  /** Why nobody can tell what is desired now; `desired` is then what was wanted before, if anything was. */
  readonly unreadable: Unreadable | undefined;
  readonly isReached: boolean;
  readonly applied: number | undefined;
  readonly policyVersion: string | undefined;
  readonly verifiedAt: Date | undefined;
  /** Of what is desired. */
  readonly failure: Failure | undefined;
  /** Of looking after what is in force. */
  readonly lookFailure: Failure | undefined;
  readonly drift: Drift;
  readonly timings: Timings;
}

export interface Failure {
  readonly error: AccountError;
  /** In a row. */
  readonly count: number;
  readonly retryAt: Date | undefined;
  /** Of the plan, by the kernel. */
  readonly isRefusal: boolean;
  /** The kernel could be read. */
  readonly isRead: boolean;
}

export const NOTHING_YET: Standing = {
  desired: undefined,
  unreadable: undefined,
  isReached: false,
  applied: undefined,
  policyVersion: undefined,
  verifiedAt: undefined,
  failure: undefined,
  lookFailure: undefined,
  drift: { count: 0 },
  timings: {},
};

/** Something else is wanted: what was wrong with the version before is past. */
export function desiring(standing: Standing, desired: Desired | undefined): Standing {
  return { ...standing, desired, unreadable: undefined, isReached: false, failure: undefined };
}

/** Nobody can tell what is wanted. */
export function holding(standing: Standing, unreadable: Unreadable): Standing {
  const { error, failures: count, retryAt } = unreadable;
  const failure = { error, count, retryAt, isRefusal: false, isRead: false };
  return { ...standing, unreadable, isReached: false, failure };
}

/** `isNewest`: nothing else has come to be desired meanwhile. */
export function reached(
  standing: Standing,
  isNewest: boolean,
  applied: Pick<Standing, 'applied' | 'policyVersion' | 'verifiedAt'> & { readonly timings: Timings },
): Standing {
  const timings = { ...standing.timings, ...applied.timings };
  const known = { ...standing, ...applied, timings, lookFailure: undefined };
  return isNewest ? { ...known, isReached: true, failure: undefined } : known;
}

/** What is in force was compared with the kernel; `found` is what others had changed. */
export function lookedAfter(
  standing: Standing,
  verifiedAt: Date,
  found: DriftFound | undefined,
  milliseconds: number,
): Standing {
  const known = { ...standing, verifiedAt, lookFailure: undefined };
  if (found === undefined) return known;
  const drift = { count: standing.drift.count + 1, last: found };
  return { ...known, drift, timings: { ...standing.timings, repair: milliseconds } };
}

/** What the status says besides. */
export interface Premises {
  readonly account: string;
  readonly namespace: string | undefined;
  readonly tunnels: ReadonlyMap<string, TunnelHealth>;
}

export function statusOf({ account, namespace, tunnels }: Premises, standing: Standing): AccountStatus {
  const { applied, policyVersion, verifiedAt, drift, timings } = standing;
  const desired = standing.unreadable ?? standing.desired;
  const failure = standing.failure ?? standing.lookFailure;
  return {
    account,
    state: stateOf(standing),
    ...(namespace !== undefined && { namespace }),
    ...(desired?.version !== undefined && { desired: desired.version }),
    ...(applied !== undefined && { applied }),
    ...(policyVersion !== undefined && { policyVersion }),
    ...(verifiedAt !== undefined && { verifiedAt }),
    ...(desired?.confirmBy !== undefined && { confirmBy: desired.confirmBy }),
    ...(failure !== undefined && { error: failure.error }),
    failures: failure?.count ?? 0,
    ...(failure?.retryAt !== undefined && { nextRetryAt: failure.retryAt }),
    drift,
    timings,
    tunnels: Object.fromEntries(tunnels),
  };
}

function stateOf({ desired, unreadable, isReached, failure, lookFailure }: Standing): AccountState {
  if (unreadable !== undefined) return 'failed';
  if (desired === undefined) return 'removing';
  if (failure !== undefined || lookFailure !== undefined) return 'failed';
  if (!isReached) return 'applying';
  return desired.confirmBy === undefined ? 'in_force' : 'pending_confirmation';
}
