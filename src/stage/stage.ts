// What a ruleset becomes in one family: an ordered list of stages, each a run of neighbouring rules that the kernel
// tries in one way. A packet goes from stage to stage until a rule decides. Rules that match no packet of the family are
// in none.

import type { Load, Test } from '../ir/formula';
import type { Rule } from '../ir/ruleset';

export type Stage = LinearStage | VerdictMapStage | ClassifierStage;

interface StageOf<Kind extends string> {
  readonly kind: Kind;
  /** At least one, in the policy's order. */
  readonly rules: readonly Rule[];
  /** Why this and nothing else, for people. */
  readonly reason: string;
  /** What it adds to a packet that matches none of its rules as late as it can, in nanoseconds; see cost.ts. */
  readonly cost: number;
}

/** One nft rule for each, tried one after the other. */
export interface LinearStage extends StageOf<'linear'> {}

/** Rules that ask for exact values of the same loads: one look-up, an element of one map for each. */
export interface VerdictMapStage extends StageOf<'verdict_map'> {
  /** From the loads of the key; `_2` and so on behind it for further maps of one table with the same key. */
  readonly name: string;
  /** Tests that all of the rules have, asked before the look-up. */
  readonly guards: readonly Test[];
  /** What each rule asks for single values of. Where two ask for the same the first one counts. */
  readonly key: readonly Load[];
}

/** All rules to the end of the phase in one eBPF program whose tables are data; always the last stage. */
export interface ClassifierStage extends StageOf<'classifier'> {}

/** `auto` takes what costs a packet the least; the others are taken wherever the rules allow it. */
export type StageChoice = 'auto' | Stage['kind'];
