// What the choice of stages has to know of nftables, given to it by whoever compiles: the rooms of the backends are
// behind this one.

import type { Formula, Test } from '../ir/formula';

export interface RuleBackend {
  /** Whether an expression of nftables loads what the test asks of. */
  readonly canLoad: (test: Test) => boolean;
  readonly cost: (formula: Formula) => RuleCost;
}

/** Of a rule that stands linear, in nanoseconds, where all but the last of its tests hold. */
export interface RuleCost {
  readonly whole: number;
  /** The part of it that programs need for tests which nftables cannot say; calling them not counted. */
  readonly inPrograms: number;
}
