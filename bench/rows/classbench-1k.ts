// 1,000 rules that overlap in five fields.

import { knownRulesets } from '../classification/known-rulesets';
import { measureRules } from '../classification/measure';
import { type Row, ratioAtLeast } from '../row';

export const CLASSBENCH_1K: Row = {
  name: 'classbench-1k',
  what: 'packet cost added, ClassBench 1k',
  against: 'linear nft rules',
  goals: [ratioAtLeast(15)],
  run: async settings => {
    const lines = [];
    for (const { label, rules } of knownRulesets('1k')) {
      const { check, figures } = await measureRules(rules, settings);
      lines.push({ label, figures, check, notes: check.examples });
    }
    return lines;
  },
};
