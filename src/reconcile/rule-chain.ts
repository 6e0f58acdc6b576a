// Chains that a rule of the policy has for itself bear its order key: `rule_3_0`, and `later_rule_3_0` for later fragments.

import type { Rule } from '../netlink/nftables/rule';

/** Of the policy's rule whose chain bears this name. */
export function keyOfChain(name = ''): string | undefined {
  return /^(?:later_)?rule_([0-9.]+)_/.exec(name)?.[1];
}

/** The chain that a rule leads to; empty where it leads nowhere. */
export function targetOf({ expressions }: Rule): string {
  const [verdict] = expressions.flatMap(each => (each.kind === 'verdict' ? [each.verdict] : []));
  return verdict !== undefined && 'chain' in verdict ? verdict.chain : '';
}
