// 10,000 rules that name a source and a port each, against nft with a verdict map written by hand.

import { measureApply } from '../apply-policy';
import { exactNftMap, exactRules, exactRulesetText } from '../exact-rules';
import { type Row, ratioAtLeast } from '../row';

const RULES = exactRules(10_000, 1);

export const APPLY_10000_RULES_MAP: Row = {
  name: 'apply-10000-rules-map',
  what: 'apply 10,000 rules `ip.src == A and tcp.dstport == P`',
  against: '`nft -f`, a verdict map by hand',
  goals: [ratioAtLeast(3)],
  run: async settings => [await measureApply({ text: exactRulesetText(RULES), peer: exactNftMap(RULES) }, settings)],
};
