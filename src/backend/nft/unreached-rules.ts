// Rules that stand in no table: they match no packet, or only packets that an earlier rule takes out of the same map. They
// get a chain that nothing leads to, so that every rule of the policy can be read back from the kernel, with its counter.

import { digest } from '../../ir/rule-digest';
import type { Rule } from '../../ir/ruleset';
import { commentOfRule } from './rule-comment';
import type { NftChain } from './table';

export const UNREACHED_CHAIN = 'unreached_rules';

/** undefined where there are none. */
export function unreachedRules(rules: readonly Rule[], keys: ReadonlyMap<string, string>): NftChain | undefined {
  if (rules.length === 0) return undefined;
  const counting = rules.map(rule => {
    return { matches: [], counter: true, comment: commentOfRule(rule, keys), digest: digest(rule) };
  });
  return { name: UNREACHED_CHAIN, rules: counting };
}
