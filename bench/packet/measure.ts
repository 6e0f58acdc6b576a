// One policy measured beside its peer's ruleset: what each adds to a packet; and the policy held against the evaluator.

import type { RulesetText } from '../../src/compile';
import { apply } from '../../src/reconcile/apply';
import { compiledPlan, compiledRuleset } from '../compiled';
import { passedPackets, withNamespaces } from '../namespace';
import { OBJECT_CACHE, withScratchDirectory } from '../place';
import type { Series, Settings } from '../row';
import type { Checked } from './check';
import { checkPolicy } from './check-policy';
import { addedCosts, type CostOf, type Lane, packetsSent, ratioOf } from './cost';
import type { Candidates } from './deciding-rule';
import type { PacketTable } from './ipv4-packet';

export interface PacketMeasurement {
  readonly text: RulesetText;
  /** Puts the same rules into force in that namespace by the peer's means; the directory is for its files. */
  readonly installPeer: (namespace: string, directory: string) => Promise<unknown>;
  readonly candidates: Candidates;
  readonly measured: PacketTable;
  /** All of `measured` or a part: packets in a round. */
  readonly burst: number;
  readonly rounds: number;
  /** What is held against the evaluator, besides captured packets. */
  readonly checked: PacketTable;
}

export interface PacketFigures {
  readonly figures: Readonly<Record<'ours' | 'theirs' | 'ratio' | typeof WARM, Series>>;
  readonly check: Checked;
}

/** Only bursts without a policy between ours, so that caches keep what it needs. */
export const WARM = 'ours without the peer in between';

export async function measurePackets(of: PacketMeasurement, settings: Settings): Promise<PacketFigures> {
  return withScratchDirectory(async directory => {
    return await withNamespaces(['base', 'ours', 'theirs'], async (base, ours, theirs) => {
      const ruleset = compiledRuleset(of.text);
      await apply(compiledPlan(ruleset), { namespace: ours }, OBJECT_CACHE);
      await of.installPeer(theirs, directory);
      const { candidates, checked } = of;
      const held = await checkPolicy({ namespace: ours, ruleset, packets: checked, candidates, directory });
      const { measured: packets, burst, rounds } = of;
      const without: Lane = { namespace: base, packets };
      const lanes = [without, ...[ours, theirs].map(namespace => ({ namespace, packets, base: without }))];
      const cost = { lanes, directory, burst, rounds };
      const [added, peer] = (await sameVerdicts(cost, settings, () => addedCosts(settings, cost))) as [Series, Series];
      const [warm] = await addedCosts(settings, { ...cost, lanes: lanes.slice(0, 2), rounds: Math.max(rounds, 50) });
      return {
        figures: {
          ours: added,
          theirs: peer,
          ratio: ratioOf(peer, added),
          [WARM]: warm as Series,
        },
        check: held,
      };
    });
  });
}

/** The counters afterwards: all packets came as far as the hook, and ours and the peer's rules let pass as many. */
async function sameVerdicts<T>(cost: CostOf, settings: Settings, measure: () => Promise<T>): Promise<T> {
  const passed = () => Promise.all(cost.lanes.map(({ namespace }) => passedPackets(namespace)));
  const before = await passed();
  const measured = await measure();
  const [base, ours, theirs] = (await passed()).map((after, position) => after - (before[position] as number));
  const sent = packetsSent(settings, cost);
  if (base !== sent) throw new Error(`${base} of ${sent} packets came through without any policy`);
  if (ours !== theirs) throw new Error(`of ${sent} packets ${ours} passed our policy and ${theirs} the peer's rules`);
  return measured;
}
