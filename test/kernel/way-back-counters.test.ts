// Counts of rules that go, but may come back, while packets flow: the policy before drops every packet, the one that nobody
// confirms lets half of them pass. What came is then what the rules that came back have counted and what has passed.

import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Plan } from '../../src/plan';
import { readCounters } from '../../src/reconcile/counters';
import { destroy } from '../../src/reconcile/destroy';
import { type Enforcement, enforce } from '../../src/reconcile/enforcement';
import { NOTHING_SAVED, savedCounts } from '../../src/reconcile/saved-counts';
import { withScratchNetwork } from '../../src/replay/scratch-network';
import type { StageChoice } from '../../src/stage/stage';
import { planOf, type WrittenRule } from '../packet/rules';
import { blockEach, type FloodState, flood, sendTo } from './datagrams';
import { gauge, placeGauge } from './gauge';
import { TEST_CACHE } from './object-cache';

const NAME = `rampart-test-way-back-${process.pid}`;
const TARGET = { namespace: NAME };
const PORTS = Array.from({ length: 40 }, (_, each) => 7000 + each);
const RULES = blockEach(PORTS);
const HALF = RULES.filter((_, each) => each % 2 === 0);
const ROUNDS = 20;

test.each<[StageChoice, StageChoice]>([
  ['linear', 'linear'],
  ['verdict_map', 'verdict_map'],
  ['classifier', 'classifier'],
  ['linear', 'classifier'],
  ['classifier', 'verdict_map'],
])(
  'what counted before, during and after a change that is taken back is counted: %s and %s stages',
  async (first, second) => {
    await withScratchNetwork(NAME, async network => {
      const before = planOf(RULES, { stages: first });
      const tried = planOf(HALF, { stages: second, keys: before.keys });
      placeGauge(NAME);
      try {
        const state = { isInForce: false, isDone: false };
        await Promise.all([tryInTurn(before, tried, state), flood(network, PORTS, state)]);
        const { rules } = await readCounters(TARGET);
        const counted = rules.reduce((sum, { packets }) => sum + packets, 0n);
        const { arrived, passed } = gauge(NAME);
        const missing = arrived - passed - counted;
        process.stdout.write(`${arrived} packets, ${passed} passed, not counted: ${missing}\n`);
        expect(rules.map(({ ref }) => ref)).toEqual(RULES.map(({ ref }) => ref));
        expect(passed).toBeGreaterThan(0n);
        expect(missing).toBeGreaterThanOrEqual(0n);
        // What a packet counts that was in the middle of an old rule is lost: one for each processor and commit.
        expect(missing).toBeLessThanOrEqual(BigInt(2 * ROUNDS * availableParallelism()));
      } finally {
        await destroy(TARGET);
      }
    });
  },
  240_000,
);

const WEB: WrittenRule = { ref: 'web', expression: 'udp.dstport == 7000', action: 'block' };

test.each<StageChoice>(['linear', 'verdict_map', 'classifier'])(
  'what is kept is no count of a rule in force, and goes when the way back is given up: %s stages',
  async stages => {
    await withScratchNetwork(NAME, async network => {
      const enforcement = enforce(TARGET, TEST_CACHE);
      const inForce = async () => (await readCounters(TARGET)).rules.map(({ ref, packets }) => [ref, packets]);
      try {
        await enforcement.apply(planOf([WEB], { stages }));
        await sendTo(network, [7000]);
        expect(await inForce()).toEqual([['web', 2n]]);

        const tried = planOf([{ ...WEB, action: 'skip' }], { stages });
        await enforcement.apply(tried, NOTHING_SAVED, 'kept');
        expect([await inForce(), kept()]).toEqual([[['web', 0n]], ['packets 1', 'packets 1']]);
        expect((await enforcement.verify()).none).toBe(true);
        await enforcement.repair();
        expect(kept()).toEqual(['packets 1', 'packets 1']);

        await enforcement.apply(tried);
        expect([await inForce(), kept()]).toEqual([[['web', 0n]], []]);
        await enforcement.apply(planOf([WEB], { stages }));
        expect(await inForce()).toEqual([['web', 0n]]);
      } finally {
        enforcement.close();
        await destroy(TARGET);
      }
    });
  },
);

/** As an agent does with changes that nobody confirms. */
async function tryInTurn(before: Plan, tried: Plan, state: FloodState): Promise<void> {
  const enforcement = enforce(TARGET, TEST_CACHE);
  try {
    await enforcement.apply(before);
    state.isInForce = true;
    for (let round = 0; round < ROUNDS; round++) await tryOnce(enforcement, before, tried);
  } finally {
    state.isDone = true;
    enforcement.close();
  }
}

async function tryOnce(enforcement: Enforcement, before: Plan, tried: Plan): Promise<void> {
  const saved = savedCounts(await readCounters(TARGET));
  await enforcement.apply(tried, NOTHING_SAVED, 'kept');
  await enforcement.apply(before, saved);
}

/** Counts of the rule `web` that nobody reads, of both families. */
function kept(): string[] {
  const listed = ['ip', 'ip6'].map(family => list('set', family, 'rampart', 'earlier_counts'));
  return listed.flatMap(text => /(packets \d+) bytes \d+ comment "rampart kept ref=web"/.exec(text)?.[1] ?? []);
}

function list(...what: readonly string[]): string {
  return execFileSync('nsenter', [`--net=/run/netns/${NAME}`, 'nft', 'list', ...what], { encoding: 'utf8' });
}
