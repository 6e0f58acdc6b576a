// 8,000 rules that overlap in five fields, against nft with one rule each.

import { measureApply } from '../apply-policy';
import { knownRulesets } from '../classification/known-rulesets';
import { nftRuleset, rulesetText } from '../classification/ruleset';
import { type Measurement, type Row, ratioAtLeast } from '../row';

export const APPLY_CLASSBENCH_8K: Row = {
  name: 'apply-classbench-8k',
  what: 'apply ClassBench 8k',
  against: '`nft -f`, one rule each',
  goals: [ratioAtLeast(2)],
  run: async settings => {
    const measurements: Measurement[] = [];
    for (const { label, rules } of knownRulesets('8k')) {
      measurements.push(await measureApply({ text: rulesetText(rules), peer: nftRuleset(rules), label }, settings));
    }
    return measurements;
  },
};
