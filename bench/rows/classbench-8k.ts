// 8,000 rules that overlap in five fields.

import { knownRulesets } from '../classification/known-rulesets';
import { measureRules } from '../classification/measure';
import { oursAtMost, type Row, ratioAtLeast } from '../row';

export const CLASSBENCH_8K: Row = {
  name: 'classbench-8k',
  what: 'packet cost added, ClassBench 8k',
  against: 'linear nft rules',
  goals: [ratioAtLeast(60), oursAtMost(600, 'ns')],
  run: async settings => {
    const lines = [];
    for (const { label, rules } of knownRulesets('8k')) {
      const { check, figures } = await measureRules(rules, settings);
      lines.push({ label, figures, check, notes: check.examples });
    }
    return lines;
  },
};
