// What the bench keeps of its rows: bench/results.json, from which the table in docs/performance.md is made.

import type { Check, Goal, Series } from '../row';
import type { Machine } from './machine';

export interface Results {
  readonly machine: Machine;
  /** In the order of the table. */
  readonly rows: readonly RowResult[];
}

export type RowResult = RowHead &
  (
    | { readonly kind: 'measured'; readonly lines: readonly Line[] }
    /** Something is missing that the row cannot do without. */
    | { readonly kind: 'skipped'; readonly reason: string }
    | { readonly kind: 'broken'; readonly error: string }
  );

interface RowHead {
  readonly name: string;
  readonly what: string;
  readonly against: string;
  readonly goals: readonly Goal[];
  /** As 2026-11-22T09:00:00Z, when it ended. */
  readonly date: string;
  readonly runs: number;
}

export interface Line {
  readonly label: string;
  readonly figures: Readonly<Record<string, Figure>>;
  readonly check?: Check;
  readonly notes: readonly string[];
  /** Whether every goal's figure reaches it, by the median. */
  readonly met: boolean;
}

export interface Figure extends Series {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}
