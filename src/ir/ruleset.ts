// One account's rules of one phase, lowered: what the evaluator judges by and both backends compile.

import type { FormulaByFamily } from './formula';

export interface Ruleset {
  readonly account: string;
  readonly rules: readonly Rule[];
}

export interface Rule {
  /** 1-based place in the policy. */
  readonly index: number;
  /** The rule's `ref`, or its index where it has none; unique in the ruleset. */
  readonly ref: string;
  readonly action: 'block' | 'skip' | 'log';
  /** A disabled rule is a shadow rule: it counts and logs, and changes nothing. */
  readonly enabled: boolean;
  readonly formula: FormulaByFamily;
}

/** Whether it ends the phase for the packets that it matches. */
export function decides({ enabled, action }: Pick<Rule, 'enabled' | 'action'>): boolean {
  return enabled && action !== 'log';
}
