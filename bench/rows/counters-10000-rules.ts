// The counters of 10,000 rules as JSON text: read from the kernel by a process that has been running, as a daemon would.

import { apply } from '../../src/reconcile/apply';
import { readCounters } from '../../src/reconcile/counters';
import { jsonText } from '../../src/report/json-text';
import { compiledPlan, compiledRuleset } from '../compiled';
import { exactNftRuleset, exactRules, exactRulesetText } from '../exact-rules';
import { interleave, medianDuration } from '../interleave';
import { withNamespaces } from '../namespace';
import { installNft } from '../peer';
import { OBJECT_CACHE, withScratchDirectory } from '../place';
import { timed } from '../process';
import { type Row, ratioAtLeast } from '../row';

const RULES = exactRules(10_000, 1);
const READINGS_IN_A_RUN = 3;

export const COUNTERS_10000_RULES: Row = {
  name: 'counters-10000-rules',
  what: 'counters of 10,000 rules as JSON',
  against: '`nft -j list ruleset`',
  goals: [ratioAtLeast(10)],
  run: async settings => {
    return withScratchDirectory(async directory => {
      return await withNamespaces(['ours', 'theirs'], async (ours, theirs) => {
        const text = exactRulesetText(RULES);
        await apply(compiledPlan(compiledRuleset(text)), { namespace: ours }, OBJECT_CACHE);
        await installNft(exactNftRuleset(RULES))(theirs, directory);
        const figures = await interleave(settings, 'ms', {
          ours: () => medianDuration(READINGS_IN_A_RUN, () => countersText(ours)),
          theirs: () => timed(theirs, 'nft', '-j', 'list', 'ruleset'),
        });
        return [{ label: '', figures }];
      });
    });
  },
};

async function countersText(namespace: string): Promise<string> {
  const { policy, rules } = await readCounters({ namespace });
  if (rules.length !== RULES.length) throw new Error(`${rules.length} counters of ${RULES.length} rules`);
  return jsonText({ policy, rules });
}
