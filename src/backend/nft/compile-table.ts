// A ruleset in one family as one nft table: the phase's base chain with a rule for each policy rule, the chains that
// these jump to, and the sets they look into.

import type { Rule, Ruleset } from '../../ir/ruleset';
import type { LoweredRule, RuleOptions } from './rule';
import { lowerRule } from './rule';
import type { NftSet, NftTable } from './table';

/** NF_IP_PRI_RAW (linux/netfilter_ipv4.h): before connection tracking, so that no packet makes an entry. */
const NF_IP_PRI_RAW = -300;
export const TABLE = 'rampart';
/** In the table's user data: a table of our name without it is somebody else's. */
export const TABLE_COMMENT = 'rampart';
/** The base chain bears the name of the phase it runs. */
export const BASE_CHAIN = 'magic_transit';

export interface CompiledTable {
  readonly table: NftTable;
  readonly rules: readonly { readonly rule: Rule; readonly lowered: LoweredRule }[];
}

export function compileTable(ruleset: Ruleset, options: RuleOptions): CompiledTable {
  const rules = ruleset.rules.map(rule => ({ rule, lowered: lowerRule(rule, options) }));
  const base = {
    name: BASE_CHAIN,
    hook: { hook: 'prerouting', priority: NF_IP_PRI_RAW, policy: 'accept' },
    rules: rules.flatMap(({ lowered }) => (lowered.base === undefined ? [] : [lowered.base])),
  } as const;
  const chains = [base, ...rules.flatMap(({ lowered }) => lowered.chains)];
  const sets = new Map<string, NftSet>();
  for (const match of chains.flatMap(chain => chain.rules).flatMap(rule => rule.matches)) {
    if (match.kind === 'test' && match.set !== undefined) sets.set(match.set.name, match.set);
  }
  const table = { family: options.family, name: TABLE, comment: TABLE_COMMENT, sets: [...sets.values()], chains };
  return { table, rules };
}
