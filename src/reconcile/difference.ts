// What a plan changes in the kernel, rule by rule: for people to read, and to know when there is nothing to send.

import { compareKeys } from '../backend/nft/order-key';
import { parseRuleComment, type RuleComment } from '../backend/nft/rule-comment';
import { longestIncreasing } from '../longest-increasing';
import { FAMILIES } from '../packet/families';
import type { PacketFamily } from '../packet/packet';
import type { Actual, ActualSet, ActualTable } from './actual';
import { commentOf, describeRule } from './description';
import { keyOf, verdictOf } from './element-change';
import { keyOfChain, targetOf } from './rule-chain';
import type { TableSpec } from './table-spec';
import { changeTable } from './transaction';

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

/** Where no rule is yet: nothing needs to be compared. */
export function allNew(rules: readonly { readonly ref: string }[], none: boolean): Difference {
  return { added: rules.map(({ ref }) => ref), removed: [], changed: [], moved: [], unchanged: [], none };
}

export function hasRules(table: ActualTable | undefined): boolean {
  return table !== undefined && table.rules.length + table.maps.length + table.classified.length > 0;
}

/** `none`: whether the tables are known to be as wanted, or not to be. */
export function difference(wanted: Specs, actual: Actual, none = isInForce(wanted, actual)): Difference {
  const after = portraits(FAMILIES.map(family => partsOf(wanted[family])));
  const refs = [...after.keys()];
  if (none) return { added: [], removed: [], changed: [], moved: [], unchanged: refs, none };
  const before = portraits(FAMILIES.map(family => partsOf(actual[family])));
  const both = refs.filter(ref => before.has(ref));
  const same = new Set(both.filter(ref => before.get(ref)?.() === after.get(ref)?.()));
  const moved = movedOf(both, [...before.keys()]);
  return {
    added: refs.filter(ref => !before.has(ref)),
    removed: [...before.keys()].filter(ref => !after.has(ref)),
    changed: both.filter(ref => !same.has(ref)),
    moved: both.filter(ref => same.has(ref) && moved.has(ref)),
    unchanged: both.filter(ref => same.has(ref) && !moved.has(ref)),
    none,
  };
}

/** As few as can be said to have moved: the others are in the same order as before. */
function movedOf(refs: readonly string[], before: readonly string[]): ReadonlySet<string> {
  const places = new Map(before.map((ref, place) => [ref, place]));
  const staying = new Set(longestIncreasing(refs.map(ref => places.get(ref) as number)));
  return new Set(refs.filter((_, position) => !staying.has(position)));
}

/** One nft rule, element of a map, or place in the classifier, that a rule of the policy has. */
interface Part {
  readonly comment: RuleComment | undefined;
  readonly chain: string | undefined;
  /** Without the rule's order key. */
  readonly text: (key: string) => string;
}

function partsOf(table: TableSpec | ActualTable | undefined): Part[] {
  if (table === undefined) return [];
  const rules = table.rules.map((rule): Part => {
    const comment = parseRuleComment(commentOf(rule) ?? '');
    const chain = keyOfChain(rule.chain) === undefined ? targetOf(rule) : rule.chain;
    const text = (key: string) => withoutKey(`${rule.chain} ${describeRule(rule)}`, key);
    return { comment, chain, text };
  });
  const elements = table.maps.flatMap(mapParts);
  const classified = table.classified.map(({ comment, digest }): Part => {
    const text = () => `classifier ${Buffer.from(digest, 'latin1').toString('hex')}`;
    return { comment: parseRuleComment(comment), chain: undefined, text };
  });
  return [...rules, ...elements, ...classified];
}

function mapParts(map: TableSpec['maps'][number] | ActualSet): Part[] {
  const [name, elements] = 'set' in map ? [map.set.name, map.elements.elements] : [map.name, map.elements];
  return elements.map(element => {
    const comment = parseRuleComment(commentOf(element) ?? '');
    const text = () => `${name} ${keyOf(element)} ${comment?.action} ${comment?.enabled} ${verdictOf(element)}`;
    return { comment, chain: undefined, text };
  });
}

function withoutKey(text: string, key: string): string {
  return text.replaceAll(`rule_${key}_`, 'rule_').replace(`rule=${key} `, '');
}

/**
 * A rule is its parts in both families, those in chains of its own included. By ref, in the order of the rules. Texts are
 * made only of the rules that stand on both sides.
 */
function portraits(families: readonly (readonly Part[])[]): Map<string, () => string> {
  const refs = new Map<string, string>();
  const contents = new Map<string, (() => string)[]>();
  for (const [family, parts] of families.entries()) {
    for (const { comment, chain, text } of parts) {
      const key = comment?.key ?? keyOfChain(chain) ?? '';
      if (comment !== undefined) refs.set(key, comment.ref);
      const content = contents.get(key);
      const part = () => `${family} ${text(key)}`;
      if (content === undefined) contents.set(key, [part]);
      else content.push(part);
    }
  }
  const inOrder = [...refs].sort(([a], [b]) => compareKeys(a, b));
  const portrait = (key: string) =>
    (contents.get(key) ?? [])
      .map(part => part())
      .sort()
      .join('\n');
  return new Map(inOrder.map(([key, ref]) => [ref, () => portrait(key)]));
}

function isInForce(wanted: Specs, actual: Actual): boolean {
  return FAMILIES.every(family => {
    const { operations, afterwards } = changeTable(wanted[family], actual[family], 'none', new Set());
    return operations.length === 0 && afterwards.length === 0;
  });
}
