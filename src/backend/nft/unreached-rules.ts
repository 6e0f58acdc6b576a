// Rules that stand in no table: they match no packet, or only packets that an earlier rule takes out of the same map. They
// get a chain that nothing leads to, so that every rule of the policy can be read back from the kernel, with its counter.

import type { Rule } from '../../ir/ruleset';
import { commentOfRule } from './rule-comment';
import type { NftChain, NftTable } from './table';

export const UNREACHED_CHAIN = 'unreached_rules';

/** `classified` are the rules that a classifier has. undefined where all rules stand somewhere. */
export function unreachedRules(
  rules: readonly Rule[],
  keys: ReadonlyMap<string, string>,
  tables: readonly NftTable[],
  classified: ReadonlySet<Rule>,
): NftChain | undefined {
  const there = new Set(tables.flatMap(commentsOf));
  const comments = rules.filter(rule => !classified.has(rule)).map(rule => commentOfRule(rule, keys));
  const unreached = comments.filter(comment => !there.has(comment));
  if (unreached.length === 0) return undefined;
  return { name: UNREACHED_CHAIN, rules: unreached.map(comment => ({ matches: [], counter: true, comment })) };
}

function commentsOf({ chains, maps }: NftTable): string[] {
  const rules = chains.flatMap(chain => chain.rules).flatMap(({ comment }) => comment ?? []);
  return [...rules, ...maps.flatMap(({ elements }) => elements.map(({ comment }) => comment))];
}
