// Counts of rules that move from stage to stage while packets flow: each packet matches one rule, so that all counts
// together are the packets that came. The kernel tells the last counts of what it deletes at the commit; what a packet
// counts that was in the middle of the old rule then, is lost: one for each processor and commit at the most.

import { availableParallelism } from 'node:os';
import type { Plan } from '../../src/plan';
import { readCounters } from '../../src/reconcile/counters';
import { destroy } from '../../src/reconcile/destroy';
import { enforce } from '../../src/reconcile/enforcement';
import { withScratchNetwork } from '../../src/replay/scratch-network';
import type { StageChoice } from '../../src/stage/stage';
import { planOf } from '../packet/rules';
import { blockEach, type FloodState, flood } from './datagrams';
import { gauge, placeGauge } from './gauge';
import { TEST_CACHE } from './object-cache';

const NAME = `rampart-test-counter-flood-${process.pid}`;
const PORTS = Array.from({ length: 40 }, (_, each) => 7000 + each);
const RULES = blockEach(PORTS);
const APPLIES = 60;

test.each<[StageChoice, StageChoice]>([
  ['linear', 'verdict_map'],
  ['verdict_map', 'classifier'],
  ['classifier', 'linear'],
  // Of each only the order changes.
  ['linear', 'linear'],
  ['verdict_map', 'verdict_map'],
])(
  'every packet is counted once: %s and %s stages',
  async (first, second) => {
    await withScratchNetwork(NAME, async network => {
      const before = planOf(RULES, { stages: first });
      const after = planOf(RULES.toReversed(), { stages: second, keys: before.keys });
      placeGauge(NAME);
      try {
        const state = { isInForce: false, isDone: false };
        await Promise.all([alternate([before, after], state), flood(network, PORTS, state)]);
        const { rules } = await readCounters({ namespace: NAME });
        const counted = rules.reduce((sum, { packets }) => sum + packets, 0n);
        const { arrived, passed } = gauge(NAME);
        const missing = arrived - counted;
        process.stdout.write(`${APPLIES} applies, ${arrived} packets, not counted: ${missing}\n`);
        expect(passed).toBe(0n);
        expect(missing).toBeGreaterThanOrEqual(0n);
        expect(missing).toBeLessThanOrEqual(BigInt(APPLIES * availableParallelism()));
      } finally {
        await destroy({ namespace: NAME });
      }
    });
  },
  120_000,
);

async function alternate(plans: readonly [Plan, Plan], state: FloodState): Promise<void> {
  const enforcement = enforce({ namespace: NAME }, TEST_CACHE);
  try {
    for (let applies = 0; applies < APPLIES; applies++) {
      await enforcement.apply(plans[applies % 2] as Plan);
      state.isInForce = true;
    }
  } finally {
    state.isDone = true;
    enforcement.close();
  }
}
