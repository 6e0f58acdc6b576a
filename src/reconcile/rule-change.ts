// From the rules that a chain has to those that it is to have, with as many staying as their order allows: these keep
// handle and counters.

import { longestIncreasing } from '../longest-increasing';
import type { ListedRule, Rule } from '../netlink/nftables/rule';
import { describeRule } from './description';

export interface RuleChange {
  readonly deleted: readonly ListedRule[];
  /** In the order in which they are to be added. */
  readonly added: readonly PlacedRule[];
  readonly kept: number;
}

export interface PlacedRule {
  readonly rule: Rule;
  /** The rule that stays before which it goes; undefined at the end of the chain. */
  readonly before: bigint | undefined;
}

/** `canStay` is false of rules that lead to what goes. */
export function changeRules(
  wanted: readonly Rule[],
  actual: readonly ListedRule[],
  canStay: (rule: ListedRule) => boolean,
): RuleChange {
  const staying = actual.length === 0 ? NONE : placesOf(wanted, actual, canStay);
  const kept = new Set(staying.values());
  const added: PlacedRule[] = [];
  let before: bigint | undefined;
  for (let position = wanted.length - 1; position >= 0; position--) {
    const place = staying.get(position);
    if (place === undefined) added.push({ rule: wanted[position] as Rule, before });
    else before = actual[place]?.handle;
  }
  return { deleted: actual.filter((_, place) => !kept.has(place)), added: added.reverse(), kept: kept.size };
}

const NONE: ReadonlyMap<number, number> = new Map();

function placesOf(
  wanted: readonly Rule[],
  actual: readonly ListedRule[],
  canStay: (rule: ListedRule) => boolean,
): ReadonlyMap<number, number> {
  return stayingRules(
    wanted.map(describeRule),
    actual.map(rule => (canStay(rule) ? describeRule(rule) : undefined)),
  );
}

/** Place in `actual` by position in `wanted`, both ascending. Where there are several equal ones, the first of each pair. */
function stayingRules(wanted: readonly string[], actual: readonly (string | undefined)[]): ReadonlyMap<number, number> {
  const places = new Map<string, number[]>();
  // From the last, so that pop() gives the first.
  for (let place = actual.length - 1; place >= 0; place--) {
    const text = actual[place];
    if (text === undefined) continue;
    const same = places.get(text);
    if (same === undefined) places.set(text, [place]);
    else same.push(place);
  }
  const pairs = wanted.flatMap((text, position) => {
    const place = places.get(text)?.pop();
    return place === undefined ? [] : [[position, place] as const];
  });
  return new Map(longestIncreasing(pairs.map(([, place]) => place)).map(each => pairs[each] as [number, number]));
}
