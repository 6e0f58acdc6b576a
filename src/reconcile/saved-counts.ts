// What rules had counted in a policy that was in force once. A rule that comes back with it goes on from there.

import type { Counters } from './counters';

export interface SavedCount {
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** By ref. */
export type SavedCounts = ReadonlyMap<string, SavedCount>;

export const NOTHING_SAVED: SavedCounts = new Map();

export function savedCounts({ rules }: Counters): SavedCounts {
  return new Map(rules.map(({ ref, packets, bytes }) => [ref, { packets, bytes }]));
}
