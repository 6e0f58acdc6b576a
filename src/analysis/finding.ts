// What the analysis says of the rules of a policy. `--json` prints it as it is here.

import type { PacketFamily } from '../packet/packet';

export type FindingKind =
  /** No packet of either family matches. */
  | 'never_matches'
  /** Every packet of both families matches. */
  | 'always_matches'
  /** Some match, and every one of these is decided by an earlier rule. */
  | 'shadowed'
  /** An earlier rule decides packets of this rule the other way. */
  | 'conflict'
  /** One of the above could be neither proved nor refuted. */
  | 'unknown';

export interface Finding {
  readonly kind: FindingKind;
  readonly family: PacketFamily | 'both';
  /** Refs of the earlier rules that are responsible. */
  readonly by: readonly string[];
  /** A packet that shows it, in hex from its network header on; null where there is none to show. */
  readonly witness: string | null;
  /** The interface that the packet comes in by; null where no rule asks for one. */
  readonly in_iface: string | null;
  readonly reason: string;
}

export interface RuleAnalysis {
  /** 1-based place in the policy. */
  readonly index: number;
  readonly ref: string;
  readonly action: 'block' | 'skip' | 'log';
  readonly enabled: boolean;
  /** A packet that matches and that no earlier rule decides; null where there is none or none was found. */
  readonly witness: string | null;
  /** The interface that it comes in by; null where no rule asks for one. */
  readonly in_iface: string | null;
  readonly findings: readonly Finding[];
  /** There are conflicts beyond those that are listed. */
  readonly more_conflicts: boolean;
}
