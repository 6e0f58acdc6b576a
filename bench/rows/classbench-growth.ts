// How much more 8,000 rules add to a packet than 1,000 of the same kind, each with packets of its own. In a second
// measurement bursts through linear rules come in between, which leave little of the caches to either.

import { apply } from '../../src/reconcile/apply';
import { drawPackets } from '../classification/draw-packets';
import { type KnownRuleset, knownRulesets } from '../classification/known-rulesets';
import { nftRuleset, rulesetText } from '../classification/ruleset';
import { compiledPlan, compiledRuleset } from '../compiled';
import { withNamespaces } from '../namespace';
import { addedCosts, type Lane, ratioOf } from '../packet/cost';
import { type PacketTable, packetTable } from '../packet/ipv4-packet';
import { installNft } from '../peer';
import { OBJECT_CACHE, withScratchDirectory } from '../place';
import { type Measurement, type Row, ratioAtMost, type Series, type Settings } from '../row';

const PACKETS = 4096;
const ROUNDS = 60;
/** With linear rules in between, which take a hundred times as long. */
const ROUNDS_BESIDE_LINEAR = 12;

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

function growth(large: KnownRuleset, small: KnownRuleset, settings: Settings): Promise<Measurement> {
  return withScratchDirectory(directory =>
    withNamespaces(['base', 'large', 'small', 'linear'], async (base, inLarge, inSmall, linear) => {
      await putIntoForce(large, inLarge);
      await putIntoForce(small, inSmall);
      await installNft(nftRuleset(large.rules))(linear, directory);
      const ofLarge: Lane = { namespace: base, packets: packetsFor(large) };
      const ofSmall: Lane = { namespace: base, packets: packetsFor(small) };
      const lanes = [
        { ...ofLarge, namespace: inLarge, base: ofLarge },
        { ...ofSmall, namespace: inSmall, base: ofSmall },
        ofLarge,
        ofSmall,
      ];
      const alone = { lanes, directory, burst: PACKETS, rounds: ROUNDS };
      const [ours, theirs] = (await addedCosts(settings, alone)) as [Series, Series];
      const beside = { ...alone, lanes: [...lanes, { ...ofLarge, namespace: linear }], rounds: ROUNDS_BESIDE_LINEAR };
      const [cold, coldSmall] = (await addedCosts(settings, beside)) as [Series, Series];
      return {
        label: large.label,
        figures: {
          ours,
          theirs,
          ratio: ratioOf(ours, theirs),
          'ratio with linear rules in between': ratioOf(cold, coldSmall),
        },
      };
    }),
  );
}

async function putIntoForce({ rules }: KnownRuleset, namespace: string): Promise<void> {
  await apply(compiledPlan(compiledRuleset(rulesetText(rules))), { namespace }, OBJECT_CACHE);
}

function packetsFor({ rules }: KnownRuleset): PacketTable {
  return packetTable(drawPackets(rules, PACKETS, 2));
}
