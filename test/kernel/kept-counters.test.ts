// Counters of rules that stay survive the change of another, in both families, as nft rules and as elements of a map,
// in this process and read by the next.

import type { Plan } from '../../src/plan';
import { apply } from '../../src/reconcile/apply';
import { readCounters, readKeys } from '../../src/reconcile/counters';
import { destroy } from '../../src/reconcile/destroy';
import { withScratchNetwork } from '../../src/replay/scratch-network';
import type { StageChoice } from '../../src/stage/stage';
import { planOf, type WrittenRule } from '../packet/rules';
import { blockEach, sendTo } from './datagrams';
import { TEST_CACHE } from './object-cache';

const NAME = `rampart-test-kept-${process.pid}`;
const PORTS = Array.from({ length: 100 }, (_, each) => 7000 + each);
const RULES = blockEach(PORTS).map((rule, each): WrittenRule => (each % 2 === 0 ? rule : { ...rule, action: 'skip' }));
const NEW: WrittenRule = { ref: 'new', expression: 'udp.dstport == 9000', action: 'block' };
const FIFTIETH = RULES[49] as WrittenRule;

const CHANGES: readonly [string, readonly WrittenRule[], readonly string[]][] = [
  ['another port', RULES.with(49, { ...FIFTIETH, expression: 'udp.dstport == 9000' }), ['port-7049']],
  ['another action', RULES.with(49, { ...FIFTIETH, action: 'block' }), ['port-7049']],
  ['a rule more', RULES.toSpliced(49, 0, NEW), ['new']],
  ['a rule more at the front', [NEW, ...RULES], ['new']],
  ['a rule less', RULES.toSpliced(49, 1), []],
  ['a rule in another place', [FIFTIETH, ...RULES.toSpliced(49, 1)], []],
];

describe.each<StageChoice>(['linear', 'verdict_map'])('of %s stages', stages => {
  test.each(CHANGES)('%s', async (_, after, anew) => {
    await withScratchNetwork(NAME, async network => {
      const target = { namespace: NAME };
      try {
        await apply(planOf(RULES, { stages }), target, TEST_CACHE);
        await sendTo(network, PORTS);
        expect(await counts(200n)).toEqual(RULES.map(({ ref }) => [ref, 2n]));

        const next: Plan = planOf(after, { stages, keys: await readKeys(target) });
        const { difference } = await apply(next, target, TEST_CACHE);
        expect(difference.unchanged.length).toBe(after.length - anew.length - difference.moved.length);
        const kept = after.map(({ ref }): [string | undefined, bigint] => [ref, anew.includes(String(ref)) ? 0n : 2n]);
        expect(await counts(0n)).toEqual(kept);
        expect((await apply(next, target, TEST_CACHE)).difference.none).toBe(true);
      } finally {
        await destroy(target);
      }
    });
  });
});

/** By ref in the order of the policy, once there are so many packets. */
async function counts(packets: bigint): Promise<[string, bigint][]> {
  for (;;) {
    const { rules } = await readCounters({ namespace: NAME });
    const sum = rules.reduce((sum, rule) => sum + rule.packets, 0n);
    if (sum >= packets) return rules.map(rule => [rule.ref, rule.packets]);
  }
}
