// What another policy says otherwise, rule by rule and list by list, as text: rules go by their refs.

import type { ListItem } from '../account/list-item';
import type { Policy, PolicyRule } from '../account/policy';
import { longestIncreasing } from '../longest-increasing';

export interface RuleDifference {
  readonly added: readonly PreviewedRule[];
  readonly removed: readonly PreviewedRule[];
  readonly changed: readonly { readonly before: PreviewedRule; readonly after: PreviewedRule }[];
  /** Same rule, other place among those that both policies have; as few as can be said to have moved. */
  readonly moved: readonly { readonly ref: string; readonly before: number; readonly after: number }[];
  readonly unchanged: number;
}

/** What a policy says of a rule. */
export type PreviewedRule = Pick<PolicyRule, 'index' | 'ref' | 'description' | 'expression' | 'action' | 'enabled'>;

/** Items as sets: their order says nothing. */
export interface ListDifference {
  readonly name: string;
  /** `removed`: the other policy does not have it. */
  readonly kind: 'added' | 'removed' | 'changed';
  readonly itemsAdded: number;
  readonly itemsRemoved: number;
}

type Policies = Readonly<Record<'before' | 'after', Pick<Policy, 'rules' | 'lists'>>>;

export function ruleDifference({ before, after }: Policies): RuleDifference {
  const old = new Map(before.rules.map(rule => [rule.ref, rule]));
  const next = new Set(after.rules.map(({ ref }) => ref));
  const both = after.rules.flatMap(rule => {
    const was = old.get(rule.ref);
    return was === undefined ? [] : [{ before: was, after: rule }];
  });
  const changed = both.filter(pair => !saysTheSame(pair.before, pair.after));
  const staying = new Set(longestIncreasing(both.map(pair => pair.before.index)));
  const moved = both.filter((_, position) => !staying.has(position));
  const touched = new Set([...changed, ...moved]);
  return {
    added: after.rules.filter(({ ref }) => !old.has(ref)).map(shown),
    removed: before.rules.filter(({ ref }) => !next.has(ref)).map(shown),
    changed: changed.map(pair => ({ before: shown(pair.before), after: shown(pair.after) })),
    moved: moved.map(pair => ({ ref: pair.after.ref, before: pair.before.index, after: pair.after.index })),
    unchanged: both.length - touched.size,
  };
}

export function listDifference({ before, after }: Policies): ListDifference[] {
  const names = [...new Set([...before.lists.keys(), ...after.lists.keys()])];
  return names.flatMap((name): ListDifference[] => {
    const [old, next] = [before.lists.get(name), after.lists.get(name)];
    const [oldItems, nextItems] = [itemTexts(old ?? []), itemTexts(next ?? [])];
    const itemsAdded = [...nextItems].filter(item => !oldItems.has(item)).length;
    const itemsRemoved = [...oldItems].filter(item => !nextItems.has(item)).length;
    const kind = old === undefined ? 'added' : next === undefined ? 'removed' : 'changed';
    return kind === 'changed' && itemsAdded + itemsRemoved === 0 ? [] : [{ name, kind, itemsAdded, itemsRemoved }];
  });
}

function itemTexts(items: readonly ListItem[]): ReadonlySet<string> {
  return new Set(items.map(({ family, from, to }) => `${family} ${from} ${to}`));
}

function saysTheSame(a: PolicyRule, b: PolicyRule): boolean {
  return (
    a.expression === b.expression && a.action === b.action && a.enabled === b.enabled && a.description === b.description
  );
}

function shown({ index, ref, description, expression, action, enabled }: PolicyRule): PreviewedRule {
  return { index, ref, description, expression, action, enabled };
}
