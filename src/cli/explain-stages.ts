// rampart explain -f POLICY: the stages that the policy's rules become in each family, why, and what a packet pays for
// them that no rule decides.

import { printPlace } from '../backend/nft/place-notation';
import { printFormula } from '../ir/print';
import type { Rule } from '../ir/ruleset';
import type { PacketFamily } from '../packet/packet';
import type { Plan } from '../plan';
import type { Stage } from '../stage/stage';
import { textTable } from './text-table';

/** First and last number of rules in a row. */
type Range = readonly [first: number, last: number];

interface StageReport {
  readonly kind: Stage['kind'];
  readonly rules: readonly Range[];
  readonly count: number;
  /** Of maps: the kernel's name, what is asked before and what is looked up. */
  readonly map?: { readonly name: string; readonly guards: readonly string[]; readonly key: readonly string[] };
  readonly reason: string;
  /** Nanoseconds at worst. */
  readonly cost: number;
}

export interface FamilyStages {
  readonly stages: readonly StageReport[];
  /** Of all stages together, in nanoseconds. */
  readonly cost: number;
  /** Rules that match no packet of the family. */
  readonly without: readonly Range[];
}

export type PolicyStages = Readonly<Record<PacketFamily, FamilyStages>>;

/** Of rules, in a table. */
const MOST_RANGES = 4;
const FAMILIES = [
  ['ip', 'IPv4'],
  ['ip6', 'IPv6'],
] as const;

export function policyStages(plan: Plan): PolicyStages {
  return { ip: stagesOf(plan, 'ip'), ip6: stagesOf(plan, 'ip6') };
}

function stagesOf({ ruleset, stages: inBoth }: Plan, family: PacketFamily): FamilyStages {
  const stages = inBoth[family];
  const staged = new Set(stages.flatMap(({ rules }) => rules));
  return {
    stages: stages.map(stage => reportOf(stage, family)),
    cost: stages.reduce((sum, { cost }) => sum + cost, 0),
    without: rangesOf(ruleset.rules.filter(rule => !staged.has(rule))),
  };
}

function reportOf(stage: Stage, family: PacketFamily): StageReport {
  const { kind, rules, reason, cost } = stage;
  const report = { kind, rules: rangesOf(rules), count: rules.length, reason, cost };
  if (stage.kind !== 'verdict_map') return report;
  const guards = stage.guards.map(printFormula);
  return { ...report, map: { name: stage.name, guards, key: stage.key.map(load => printPlace(load, family)) } };
}

function rangesOf(rules: readonly Rule[]): Range[] {
  const ranges: [number, number][] = [];
  for (const { index } of rules) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges;
}

export function printPolicyStages(stages: PolicyStages): string {
  return FAMILIES.map(([family, name]) => printFamily(name, stages[family])).join('\n\n');
}

function printFamily(name: string, { stages, cost, without }: FamilyStages): string {
  if (stages.length === 0) return `${name}: no rule matches a packet`;
  const rows = stages.map(({ kind, rules, count, map, reason, cost }) => {
    return [printRanges(rules), String(count), map?.name ?? kind, `${cost} ns`, reason];
  });
  const left = without.length === 0 ? [] : [`match no packet of the family: ${printRanges(without)}`];
  return [
    `${name}: a packet that no rule decides pays up to ${cost} ns`,
    textTable(['rules', 'count', 'stage', 'up to', 'because'], rows),
    ...left,
  ].join('\n');
}

function printRanges(ranges: readonly Range[]): string {
  const shown = ranges.slice(0, MOST_RANGES).map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  return ranges.length <= MOST_RANGES ? shown.join(', ') : `${shown.join(', ')}, … ${ranges.at(-1)?.[1]}`;
}
