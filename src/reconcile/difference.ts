// What a plan changes in the kernel, rule by rule: for people to read, and to know when there is nothing to send.

import { longestIncreasing } from '../backend/nft/longest-increasing';
import { compareKeys } from '../backend/nft/order-key';
import { parseRuleComment } from '../backend/nft/rule-comment';
import type { Rule } from '../netlink/nftables/rule';
import type { PacketFamily } from '../packet/packet';
import type { Actual, ActualTable } from './actual';
import { commentOf, describeChain, describeRule, describeSet } from './description';
import type { TableSpec } from './table-spec';

export interface Difference {
  /** Refs in the order of the rules; each stands in one list at the most. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  /** Same rule, other place among those that were there before. */
  readonly moved: readonly string[];
  readonly unchanged: readonly string[];
  /** The kernel's tables are what the plan asks for, sets included: there is nothing to send. */
  readonly none: boolean;
}

type Specs = Readonly<Record<PacketFamily, TableSpec>>;

const FAMILIES: readonly PacketFamily[] = ['ip', 'ip6'];

export function difference(wanted: Specs, actual: Actual): Difference {
  const before = portraits(FAMILIES.map(family => actual[family]?.rules ?? []));
  const after = portraits(FAMILIES.map(family => wanted[family].rules));
  const refs = [...after.keys()];
  const both = refs.filter(ref => before.has(ref));
  const isSame = (ref: string) => before.get(ref) === after.get(ref);
  const moved = movedOf(both, [...before.keys()]);
  const same = both.filter(isSame);
  return {
    added: refs.filter(ref => !before.has(ref)),
    removed: [...before.keys()].filter(ref => !after.has(ref)),
    changed: both.filter(ref => !isSame(ref)),
    moved: same.filter(ref => moved.has(ref)),
    unchanged: same.filter(ref => !moved.has(ref)),
    none: FAMILIES.every(family => isEqual(wanted[family], actual[family])),
  };
}

/** As few as can be said to have moved: the others are in the same order as before. */
function movedOf(refs: readonly string[], before: readonly string[]): ReadonlySet<string> {
  const places = new Map(before.map((ref, place) => [ref, place]));
  const staying = new Set(longestIncreasing(refs.map(ref => places.get(ref) as number)));
  return new Set(refs.filter((_, position) => !staying.has(position)));
}

/** A rule is its nft rules in both families, those in chains of its own included. By ref, in the order of the rules. */
function portraits(families: readonly (readonly Rule[])[]): Map<string, string> {
  const refs = new Map<string, string>();
  const contents = new Map<string, string[]>();
  for (const [family, rules] of families.entries()) {
    for (const rule of rules) {
      const comment = parseRuleComment(commentOf(rule) ?? '');
      const key = comment?.key ?? keyOfChain(rule.chain) ?? keyOfChain(targetOf(rule)) ?? '';
      if (comment !== undefined) refs.set(key, comment.ref);
      const place = `${family} ${rule.chain} ${describeRule(rule)}`
        .replaceAll(`rule_${key}_`, 'rule_')
        .replace(`rule=${key} `, '');
      contents.set(key, [...(contents.get(key) ?? []), place]);
    }
  }
  const inOrder = [...refs].sort(([a], [b]) => compareKeys(a, b));
  return new Map(inOrder.map(([key, ref]) => [ref, (contents.get(key) ?? []).join('\n')]));
}

/** Of the policy's rule whose chain bears this name. */
function keyOfChain(name: string): string | undefined {
  return /^(?:later_)?rule_([0-9.]+)_/.exec(name)?.[1];
}

/** The chain that a rule of the base chain leads to; empty where it leads nowhere. */
function targetOf({ expressions }: Rule): string {
  const [verdict] = expressions.flatMap(each => (each.kind === 'verdict' ? [each.verdict] : []));
  return verdict !== undefined && 'chain' in verdict ? verdict.chain : '';
}

function isEqual(wanted: TableSpec, actual: ActualTable | undefined): boolean {
  if (actual === undefined || actual.table.flags?.includes('dormant')) return false;
  return (
    equalLists(wanted.chains.map(describeChain), actual.chains.map(describeChain)) &&
    equalLists(byChain(wanted.rules), byChain(actual.rules)) &&
    equalLists(
      wanted.sets.map(({ set, elements }) => describeSet(set.name, elements.elements)),
      actual.sets.map(set => describeSet(set.name, set.elements)),
    )
  );
}

/** Order counts within a chain, not between chains. */
function byChain(rules: readonly Rule[]): string[] {
  const chains = new Map<string, string[]>();
  for (const rule of rules) chains.set(rule.chain, [...(chains.get(rule.chain) ?? []), describeRule(rule)]);
  return [...chains].map(([chain, fingerprints]) => `${chain}: ${fingerprints.join('\n')}`);
}

function equalLists(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join('\n\n') === [...b].sort().join('\n\n');
}
