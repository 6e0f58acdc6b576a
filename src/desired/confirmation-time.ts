// How long a confirmation may still be waited for. The deadline is by the wall clock, since it outlives the process; but a
// clock that was set back in between gives nobody more time than was given at first.

import type { PendingConfirmation } from '../store/account-record';

/** setTimeout counts to 2^31 milliseconds; this is well within, and as long as anybody should wait. */
export const LONGEST_CONFIRMATION = 24 * 3600 * 1000;

/** Milliseconds; 0 when it is over. */
export function remaining({ deadline, milliseconds }: PendingConfirmation, now: Date): number {
  const left = deadline.getTime() - now.getTime();
  return Math.min(Math.max(left, 0), milliseconds, LONGEST_CONFIRMATION);
}
