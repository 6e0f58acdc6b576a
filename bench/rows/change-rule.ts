// One rule of 10,000 that name a source and a port each, against nft's command for it.

import { measureChange } from '../change-rule';
import { exactNftRuleset, exactRules, exactRulesetText, exactRuleText, nftRule } from '../exact-rules';
import { nftReplaceRule } from '../nft-peer';
import { withScratchDirectory } from '../place';
import { type Row, ratioAtLeast } from '../row';

const RULES = exactRules(10_000, 1);
/** Sources that no rule in force has. */
const OTHERS = exactRules(200_000, 2);
const STRIDE = 4099;

export const CHANGE_RULE: Row = {
  name: 'change-rule',
  what: 'change one rule of 10,000',
  against: '`nft replace rule`',
  goals: [ratioAtLeast(500)],
  run: settings =>
    withScratchDirectory(async directory => [
      await measureChange(
        {
          text: exactRulesetText(RULES),
          change: changedRule,
          changes: 500,
          peer: namespace =>
            nftReplaceRule(namespace, directory, exactNftRuleset(RULES), count => {
              const { position } = changedRule(count);
              return { position, rule: nftRule(otherRule(count), position) };
            }),
        },
        settings,
      ),
    ]),
};

/** Rules far from each other, so that none is changed twice before all others. */
export function changedRule(count: number) {
  const position = (count * STRIDE) % RULES.length;
  return { position, rule: exactRuleText(otherRule(count), position) };
}

export function otherRule(count: number) {
  return OTHERS[count % OTHERS.length] as (typeof OTHERS)[number];
}
