// How much more 8,000 rules add to a packet than 1,000 of the same kind: each with packets of its own, in turns.

import { apply } from '../../src/reconcile/apply';
import { drawPackets } from '../classification/draw-packets';
import { type KnownRuleset, knownRulesets } from '../classification/known-rulesets';
import { rulesetText } from '../classification/ruleset';
import { compiledPlan, compiledRuleset } from '../compiled';
import { withNamespaces } from '../namespace';
import { addedCosts, ratioOf } from '../packet/cost';
import { packetTable } from '../packet/ipv4-packet';
import { OBJECT_CACHE, withScratchDirectory } from '../place';
import { type Measurement, type Row, ratioAtMost, type Series, type Settings } from '../row';

const PACKETS = 4096;
const ROUNDS = 60;

export const CLASSBENCH_GROWTH: Row = {
  name: 'classbench-growth',
  what: 'packet cost added, ClassBench 8k over 1k',
  against: 'itself with 1k',
  goals: [ratioAtMost(2.5)],
  run: async settings => {
    const small = knownRulesets('1k');
    const measurements: Measurement[] = [];
    for (const [position, large] of knownRulesets('8k').entries()) {
      measurements.push(await growth(large, small[position] as KnownRuleset, settings));
    }
    return measurements;
  },
};

async function growth(large: KnownRuleset, small: KnownRuleset, settings: Settings): Promise<Measurement> {
  return withScratchDirectory(async directory => {
    return await withNamespaces(['base', 'large', 'small'], async (base, inLarge, inSmall) => {
      const added = { large: [] as number[], small: [] as number[] };
      await putIntoForce(large, inLarge);
      await putIntoForce(small, inSmall);
      for (let run = 0; run < settings.runs; run++) {
        added.large.push(await addedOnce(large, [base, inLarge], directory, settings));
        added.small.push(await addedOnce(small, [base, inSmall], directory, settings));
      }
      const ours: Series = { unit: 'ns', runs: added.large };
      const theirs: Series = { unit: 'ns', runs: added.small };
      return { label: large.label, figures: { ours, theirs, ratio: ratioOf(ours, theirs) } };
    });
  });
}

async function putIntoForce({ rules }: KnownRuleset, namespace: string): Promise<void> {
  const text = rulesetText(rules);
  await apply(compiledPlan(compiledRuleset(text)), { namespace }, OBJECT_CACHE);
}

async function addedOnce(
  { rules }: KnownRuleset,
  namespaces: readonly string[],
  directory: string,
  settings: Settings,
): Promise<number> {
  const packets = packetTable(drawPackets(rules, PACKETS, 1));
  const cost = { packets, directory, burst: PACKETS, rounds: ROUNDS, namespaces };
  const [series] = await addedCosts({ ...settings, runs: 1 }, cost);
  return series?.runs[0] as number;
}
