// One rule of 10,000 that name a source and a port each, against nft held open that adds an element to a map of as many.

import { measureChange } from '../change-rule';
import { exactNftMap, exactRules, exactRulesetText, nftElement } from '../exact-rules';
import { nftAddElement } from '../nft-peer';
import { withScratchDirectory } from '../place';
import { type Row, ratioAtLeast } from '../row';
import { changedRule, otherRule } from './change-rule';

const RULES = exactRules(10_000, 1);

export const CHANGE_RULE_ELEMENT: Row = {
  name: 'change-rule-element',
  what: 'change one rule of 10,000',
  against: '`nft -i` held open, `add element`',
  goals: [ratioAtLeast(1)],
  run: settings =>
    withScratchDirectory(async directory => [
      await measureChange(
        {
          text: exactRulesetText(RULES),
          change: changedRule,
          changes: 500,
          peer: namespace =>
            nftAddElement(namespace, directory, exactNftMap(RULES), count => nftElement(otherRule(count), count)),
        },
        settings,
      ),
    ]),
};
