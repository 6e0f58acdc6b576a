// When something that failed is tried again. Pure.

import type { Backoff } from './agent-settings';

/** Milliseconds to wait after so many failures in a row, the first being 1; `chance` is from 0 up to 1. */
export function backoff({ first, most, jitter }: Backoff, failures: number, chance: number): number {
  // Beyond 2^30 times the first wait, `most` has long been reached.
  const wait = Math.min(most, first * 2 ** Math.min(failures - 1, 30));
  return Math.round(wait * (1 - jitter * chance));
}
