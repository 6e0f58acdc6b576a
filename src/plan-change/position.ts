// Where a rule stands in a list that is in the order of the policy, by bisection.

import type { Rule } from '../ir/ruleset';

/** -1 where it is not in the list. */
export function positionOf(rules: readonly Rule[], rule: Rule): number {
  const at = firstAtLeast(rules.length, position => (rules[position] as Rule).index, rule.index);
  return rules[at] === rule ? at : -1;
}

/** The first of `count` ascending numbers that is not less than `wanted`; `count` where all are. */
export function firstAtLeast(count: number, numberAt: (position: number) => number, wanted: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numberAt(middle) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
