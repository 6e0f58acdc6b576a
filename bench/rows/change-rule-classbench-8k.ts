// One rule of 8,000 that overlap in five fields, against nft's command for it in the same ruleset. The rule in its place
// asks for the same addresses and another port.

import { measureChange } from '../change-rule';
import { knownRulesets } from '../classification/known-rulesets';
import { TCP } from '../classification/meaning';
import { nftMatch } from '../classification/nft-text';
import type { RangeRule } from '../classification/rules-file';
import { nftRuleset, nftVerdict, rulesetText, ruleTextOf } from '../classification/ruleset';
import { nftReplaceRule } from '../nft-peer';
import { withScratchDirectory } from '../place';
import { type Measurement, type Row, ratioAtLeast } from '../row';

const STRIDE = 4099;

export const CHANGE_RULE_CLASSBENCH_8K: Row = {
  name: 'change-rule-classbench-8k',
  what: 'change one rule of ClassBench 8k',
  against: '`nft replace rule` in the same ruleset',
  goals: [ratioAtLeast(5)],
  run: settings =>
    withScratchDirectory(async directory => {
      const measurements: Measurement[] = [];
      for (const { label, rules } of knownRulesets('8k')) {
        const measurement = await measureChange(
          {
            label,
            text: rulesetText(rules),
            change: count => {
              const position = (count * STRIDE) % rules.length;
              return { position, rule: ruleTextOf(otherRule(rules, position, count), position) };
            },
            changes: 40,
            peer: namespace =>
              nftReplaceRule(namespace, directory, nftRuleset(rules), count => {
                const position = (count * STRIDE) % rules.length;
                const match = nftMatch(otherRule(rules, position, count));
                return { position, rule: `${match} counter ${nftVerdict(position)}` };
              }),
          },
          settings,
        );
        measurements.push(measurement);
      }
      return measurements;
    }),
};

function otherRule(rules: readonly RangeRule[], position: number, count: number): RangeRule {
  const port = 10_000 + (count % 50_000);
  return {
    ...(rules[position] as RangeRule),
    protocol: { value: TCP, mask: 0xff },
    flags: { value: 0, mask: 0 },
    destinationPorts: { low: port, high: port },
  };
}
