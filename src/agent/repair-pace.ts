// How long a foreign change waits for its repair: a moment, so that what comes together is repaired together, and longer
// each time against a tool that changes it back. Pure.

import type { RepairPace } from './agent-settings';

export interface Repair {
  /** When it ended, in milliseconds of any clock that only goes forward. */
  readonly at: number;
  /** How long it had waited. */
  readonly wait: number;
}

export function waitForRepair({ first, most, quiet }: RepairPace, last: Repair | undefined, now: number): number {
  if (last === undefined || now - last.at >= quiet) return first;
  return Math.min(most, 2 * last.wait);
}
