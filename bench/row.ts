// What a row of the benchmark is, and what comes out of running it: plain data, printed and kept by report/.

export interface Row {
  readonly name: string;
  /** What is measured, as the table says it. */
  readonly what: string;
  /** The other side; 'itself' where the two sides are both ours. */
  readonly against: string;
  readonly goals: readonly Goal[];
  /** Throws a Skipped where something is missing that the row cannot do without. */
  readonly run: (settings: Settings) => Promise<readonly Measurement[]>;
}

/** What the median over the runs of one figure of each measurement should be. */
export interface Goal {
  readonly figure: string;
  readonly bound: 'at_least' | 'at_most';
  readonly value: number;
  readonly unit: Unit;
}

export function ratioAtLeast(value: number): Goal {
  return { figure: 'ratio', bound: 'at_least', value, unit: 'times' };
}

export function ratioAtMost(value: number): Goal {
  return { figure: 'ratio', bound: 'at_most', value, unit: 'times' };
}

export function oursAtMost(value: number, unit: Unit): Goal {
  return { figure: 'ours', bound: 'at_most', value, unit };
}

export interface Settings {
  readonly runs: number;
  /** Multiplies rounds and repetitions within a run; 1 for figures to be believed. */
  readonly effort: number;
}

export const DEFAULT_SETTINGS: Settings = { runs: 5, effort: 1 };

/** One line of the table. */
export interface Measurement {
  /** Which of a row's rulesets; '' where there is only one. */
  readonly label: string;
  /** `ours`, and mostly `theirs` and `ratio`; a row may tell more. */
  readonly figures: Readonly<Record<string, Series>>;
  readonly check?: Check;
  readonly notes?: readonly string[];
}

/** One value a run. */
export interface Series {
  readonly unit: Unit;
  readonly runs: readonly number[];
}

export type Unit = 'ms' | 'us' | 'ns' | 'times';

/** Packets sent through the policy that was measured, held against the evaluator. */
export interface Check {
  readonly packets: number;
  /** Packets with another verdict or another deciding rule. */
  readonly differences: number;
}

export class Skipped extends Error {
  override readonly name = 'Skipped';
}
