// A ruleset in one family as one nft table: the phase's base chain with a rule for each policy rule, the chains that
// these jump to, the sets they look into, and where a rule reads transport headers, the rules once more for fragments.

import { ofLaterFragment, readsTransport } from '../../ir/later-fragment';
import type { Rule, Ruleset } from '../../ir/ruleset';
import type { LoweredRule, RuleOptions } from './rule';
import { lowerRule } from './rule';
import type { NftChain, NftRule, NftSet, NftTable } from './table';

/** NF_IP_PRI_RAW (linux/netfilter_ipv4.h): before connection tracking, so that no packet makes an entry. */
const NF_IP_PRI_RAW = -300;
export const TABLE = 'rampart';
/** In the table's user data: a table of our name without it is somebody else's. */
export const TABLE_COMMENT = 'rampart';
/** The base chain bears the name of the phase it runs. */
export const BASE_CHAIN = 'magic_transit';

/** Where the base chain sends fragments that are not a packet's first. */
const LATER_CHAIN = 'later_fragments';
const TO_LATER_FRAGMENTS: NftRule = {
  matches: [{ kind: 'later_fragment' }],
  counter: false,
  verdict: { kind: 'goto', chain: LATER_CHAIN },
};

export interface CompiledTable {
  readonly table: NftTable;
  readonly rules: readonly { readonly rule: Rule; readonly lowered: LoweredRule }[];
}

export function compileTable(ruleset: Ruleset, options: Omit<RuleOptions, 'prefix'>): CompiledTable {
  const { family } = options;
  const rules = ruleset.rules.map(rule => ({ rule, lowered: lowerRule(rule, { ...options, prefix: '' }) }));
  const lowered = rules.map(each => each.lowered);
  const whole = lowered.flatMap(({ base, chains }) => [...ruleOrNone(base), ...chains.flatMap(chain => chain.rules)]);
  const divided = whole.some(rule => rule.matches.some(match => match.kind === 'test' && readsTransport(match.test)));
  const base = {
    name: BASE_CHAIN,
    hook: { hook: 'prerouting', priority: NF_IP_PRI_RAW, policy: 'accept' },
    rules: [...(divided ? [TO_LATER_FRAGMENTS] : []), ...lowered.flatMap(each => ruleOrNone(each.base))],
  } as const;
  const later = divided ? laterFragments(ruleset, options) : [];
  const chains: readonly NftChain[] = [base, ...lowered.flatMap(each => each.chains), ...later];
  const sets = setsOf(chains);
  return { table: { family, name: TABLE, comment: TABLE_COMMENT, sets, chains }, rules };
}

/**
 * The same rules for later fragments alone. nft_payload_fast_eval does not look at the fragment offset (up to Linux 6.18
 * at the least, where nft_payload_eval does): a load of 1, 2 or 4 bytes would take a fragment's data for a header.
 */
function laterFragments(ruleset: Ruleset, options: Omit<RuleOptions, 'prefix'>): NftChain[] {
  const { family } = options;
  const lowered = ruleset.rules.map(rule => {
    const formula = { ...rule.formula, [family]: ofLaterFragment(rule.formula[family]) };
    return lowerRule({ ...rule, formula }, { ...options, prefix: 'later_' });
  });
  const entry = { name: LATER_CHAIN, rules: lowered.flatMap(({ base }) => ruleOrNone(base)) };
  return [entry, ...lowered.flatMap(({ chains }) => chains)];
}

function ruleOrNone(rule: NftRule | undefined): NftRule[] {
  return rule === undefined ? [] : [rule];
}

function setsOf(chains: readonly NftChain[]): NftSet[] {
  const sets = new Map<string, NftSet>();
  for (const match of chains.flatMap(chain => chain.rules).flatMap(rule => rule.matches)) {
    if (match.kind === 'test' && match.set !== undefined) sets.set(match.set.name, match.set);
  }
  return [...sets.values()];
}
