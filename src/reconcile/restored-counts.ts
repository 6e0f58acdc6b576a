// Saved counts of rules that a policy brings back: what has no object in the kernel goes on from what it had counted.

import { digest } from '../ir/rule-digest';
import type { Rule } from '../ir/ruleset';
import { FAMILIES } from '../packet/families';
import type { Actual, ActualTable } from './actual';
import { digestOf } from './description';
import { countingMaps, type Lost } from './lost-counts';
import type { SavedCounts } from './saved-counts';

export function restoredCounts(saved: SavedCounts, rules: readonly Rule[], actual: Actual): Lost[] {
  if (saved.size === 0) return [];
  const present = new Set(FAMILIES.flatMap(family => digestsIn(actual[family])));
  return rules.flatMap(rule => {
    const count = saved.get(rule.ref);
    if (count === undefined || present.has(digest(rule))) return [];
    return [{ digest: digest(rule), ref: rule.ref, object: `saved ${rule.ref}`, ...count }];
  });
}

function digestsIn(table: ActualTable | undefined): (string | undefined)[] {
  if (table === undefined) return [];
  const counting = countingMaps(table);
  const elements = table.maps.filter(({ name }) => counting.has(name)).flatMap(map => map.elements);
  const classified = table.classified.map(({ digest }) => digest);
  return [...table.rules.map(digestOf), ...elements.map(digestOf), ...classified, ...(table.earlier?.keys() ?? [])];
}
