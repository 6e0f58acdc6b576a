// 10,000 rules that name a source and a port each, against nft with one rule each.

import { measureApply } from '../apply-policy';
import { candidatesBySource, exactNftRuleset, exactRules, exactRulesetText, packetsToCheck } from '../exact-rules';
import { type Row, ratioAtLeast } from '../row';

const RULES = exactRules(10_000, 1);

export const APPLY_10000_RULES: Row = {
  name: 'apply-10000-rules',
  what: 'apply 10,000 rules `ip.src == A and tcp.dstport == P`',
  against: '`nft -f`, one rule each',
  goals: [ratioAtLeast(7)],
  run: async settings => {
    const checked = { packets: packetsToCheck(RULES), candidates: candidatesBySource(RULES) };
    return [await measureApply({ text: exactRulesetText(RULES), peer: exactNftRuleset(RULES), checked }, settings)];
  },
};
