// The rules of a family cut into neighbours that stand alike if no classifier takes them: those that a verdict map pays
// off for, and the others, one after the other.

import type { Rule } from '../ir/ruleset';
import type { PacketFamily } from '../packet/packet';
import { TEST_COST, verdictMapCost } from './cost';
import { type ExactRun, exactRun, extend, isKey } from './exact-run';
import type { RuleBackend } from './rule-backend';
import type { StageChoice } from './stage';

export interface Segment {
  readonly rules: readonly Rule[];
  /** Where they are to be a map. */
  readonly run: ExactRun | undefined;
  /** As they stand then, in nanoseconds. */
  readonly cost: number;
  /** One after the other. */
  readonly linearCost: number;
  /** Rules that need programs, and nanoseconds for what is in them. */
  readonly programs: number;
  readonly inPrograms: number;
}

interface SegmentOptions {
  readonly family: PacketFamily;
  readonly choice: StageChoice;
  readonly nft: RuleBackend;
}

export function segmentsOf(rules: readonly Rule[], options: SegmentOptions): Segment[] {
  const segments: Segment[] = [];
  let linear: Rule[] = [];
  const endLinear = () => {
    if (linear.length > 0) segments.push(linearSegment(linear, options));
    linear = [];
  };
  for (let at = 0; at < rules.length; ) {
    const run = runFrom(rules, at, options);
    const mapped = run === undefined ? undefined : mapSegment(run, options);
    if (mapped !== undefined && (options.choice === 'verdict_map' || mapped.cost < mapped.linearCost)) {
      endLinear();
      segments.push(mapped);
    } else linear.push(...rules.slice(at, at + (run?.rules.length ?? 1)));
    at += run?.rules.length ?? 1;
  }
  endLinear();
  return segments;
}

/** As many rules as fit; undefined where the first one does not. */
function runFrom(rules: readonly Rule[], at: number, { family, choice, nft }: SegmentOptions): ExactRun | undefined {
  const run = choice === 'linear' ? undefined : exactRun(rules[at] as Rule, family, nft);
  if (run === undefined) return undefined;
  for (let next = at + 1; next < rules.length && extend(run, rules[next] as Rule, family); ) next++;
  return run;
}

function linearSegment(rules: readonly Rule[], { family, nft }: SegmentOptions): Segment {
  let cost = 0;
  let programs = 0;
  let inPrograms = 0;
  for (const { formula } of rules) {
    const each = nft.cost(formula[family]);
    cost += each.whole;
    inPrograms += each.inPrograms;
    if (each.inPrograms > 0) programs++;
  }
  return { rules, run: undefined, cost, linearCost: cost, programs, inPrograms };
}

/** The rules of a run cost alike, so the first speaks for all. */
function mapSegment(run: ExactRun, { family, nft }: SegmentOptions): Segment {
  const { rules, columns } = run;
  const guards = columns.filter(column => !isKey(column, columns));
  const cost = verdictMapCost(run.elements) + TEST_COST.cmp * guards.length;
  const linearCost = rules.length * nft.cost((rules[0] as Rule).formula[family]).whole;
  return { rules, run, cost, linearCost, programs: 0, inPrograms: 0 };
}
