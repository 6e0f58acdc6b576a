// 10,000 rules that name a source and a port each, each forced to be an nft rule of its own, as nft's are.

import { measureApply } from '../apply-policy';
import { exactNftRuleset, exactRules, exactRulesetText } from '../exact-rules';
import { type Row, ratioAtLeast } from '../row';

const RULES = exactRules(10_000, 1);

export const APPLY_10000_RULES_LINEAR: Row = {
  name: 'apply-10000-rules-linear',
  what: 'apply 10,000 rules forced to linear nft rules',
  against: '`nft -f`, one rule each',
  goals: [ratioAtLeast(1.6)],
  run: async settings => [
    await measureApply({ text: exactRulesetText(RULES), stages: 'linear', peer: exactNftRuleset(RULES) }, settings),
  ],
};
