// A rule that stays keeps its count whatever becomes of it in the kernel: nft rule, element of a map, place in a classifier,
// or none of these where an earlier rule takes all of its packets.

import { spawnSync } from 'node:child_process';
import type { Plan } from '../../src/plan';
import { apply } from '../../src/reconcile/apply';
import { readCounters, readKeys } from '../../src/reconcile/counters';
import { destroy } from '../../src/reconcile/destroy';
import { enforce } from '../../src/reconcile/enforcement';
import { savedCounts } from '../../src/reconcile/saved-counts';
import { type ScratchNetwork, withScratchNetwork } from '../../src/replay/scratch-network';
import type { StageChoice } from '../../src/stage/stage';
import { planOf, type WrittenRule } from '../packet/rules';
import { SOURCE_BYTES, sendTo } from './datagrams';
import { TEST_CACHE } from './object-cache';

const NAME = `rampart-test-carried-${process.pid}`;
const target = { namespace: NAME };
const RULES: readonly WrittenRule[] = Array.from({ length: 20 }, (_, each) => port(`r${each}`, 7000 + each));
const KINDS: readonly StageChoice[] = ['linear', 'verdict_map', 'classifier'];
const MOVES = KINDS.flatMap(from => KINDS.map(to => [from, to] as const)).filter(([from, to]) => from !== to);

/** Beyond them what has not been counted is lost, and the test says so. */
const MOST_READINGS = 2_000;

/** Puts a policy into force. */
type Way = (rules: readonly WrittenRule[], stages: StageChoice) => Promise<Plan>;

/** Each by a process of its own. */
async function oneShots(use: (way: Way) => Promise<void>): Promise<void> {
  await use(async (rules, stages) => {
    const plan = planOf(rules, { stages, keys: await readKeys(target) });
    await apply(plan, target, TEST_CACHE);
    return plan;
  });
}

async function inOneProcess(use: (way: Way) => Promise<void>): Promise<void> {
  const enforcement = enforce(target, TEST_CACHE);
  try {
    await use(async (rules, stages) => {
      const { plan } = enforcement;
      const next = planOf(rules, { stages, ...(plan && { keys: plan.keys }) });
      await enforcement.apply(next);
      return next;
    });
  } finally {
    enforcement.close();
  }
}

describe.each([
  ['apply', oneShots],
  ['a process that stays', inOneProcess],
])('by %s,', (_, each) => {
  test.each(MOVES)('from %s stages to %s stages and back', async (from, to) => {
    await withPolicies(each, async (put, network) => {
      await put(RULES, from);
      await sendTo(network, [7000, 7001, 7001, 7019]);
      expect(await counts(8n)).toEqual(['r0 2', 'r1 4', 'r19 2']);
      await put(RULES, to);
      expect(await counts(8n)).toEqual(['r0 2', 'r1 4', 'r19 2']);
      await sendTo(network, [7001, 7002]);
      expect(await counts(12n)).toEqual(['r0 2', 'r1 6', 'r2 2', 'r19 2']);
      const plan = await put(RULES, from);
      await sendTo(network, [7019]);
      expect(await counts(14n)).toEqual(['r0 2', 'r1 6', 'r2 2', 'r19 4']);
      expect((await apply(plan, target, TEST_CACHE)).difference.none).toBe(true);
    });
  });

  test.each(MOVES)('of later fragments, from %s stages to %s stages', async (from, to) => {
    // The rules for later fragments have what is left of it without its transport header.
    const rules: WrittenRule[] = [
      { ref: 'other', expression: 'ip.src == 2001:db8::1 and not esp.spi in {7}', action: 'block', enabled: false },
    ];
    await withPolicies(each, async (put, network) => {
      await put(rules, from);
      await network.wire.send(laterFragment(network));
      expect(await counts(1n)).toEqual(['other 1']);
      await put(rules, to);
      expect(await counts(1n)).toEqual(['other 1']);
      await network.wire.send(laterFragment(network));
      expect(await counts(2n)).toEqual(['other 2']);
      await put(rules, from);
      expect(await counts(2n)).toEqual(['other 2']);
    });
  });

  test.each(KINDS)('in another order, in %s stages', async stages => {
    await withPolicies(each, async (put, network) => {
      await put(RULES, stages);
      await sendTo(network, [7000, 7001, 7019]);
      expect(await counts(6n)).toEqual(['r0 2', 'r1 2', 'r19 2']);
      await put(RULES.toReversed(), stages);
      expect(await counts(6n)).toEqual(['r19 2', 'r1 2', 'r0 2']);
      await sendTo(network, [7000]);
      await put(RULES, stages);
      expect(await counts(8n)).toEqual(['r0 4', 'r1 2', 'r19 2']);
    });
  });

  test('beside rules that are added, removed and changed, and begin anew', async () => {
    await withPolicies(each, async (put, network) => {
      await put(RULES, 'linear');
      await sendTo(network, [7000, 7001, 7002, 7003]);
      expect(await counts(8n)).toEqual(['r0 2', 'r1 2', 'r2 2', 'r3 2']);
      const changed = RULES.toSpliced(1, 1).with(1, port('r2', 7777));
      await put([port('new', 7778), ...changed], 'verdict_map');
      expect(await counts(4n)).toEqual(['r0 2', 'r3 2']);
      await sendTo(network, [7777, 7778, 7000]);
      expect(await counts(10n)).toEqual(['new 2', 'r0 4', 'r2 2', 'r3 2']);
      await put(RULES, 'verdict_map');
      expect(await counts(6n)).toEqual(['r0 4', 'r3 2']);
    });
  });

  test('where an earlier rule takes some of its elements, or all of them, and gives them back', async () => {
    const pair: WrittenRule = { ref: 'pair', expression: 'udp.dstport in {7100 7101}', action: 'block' };
    const rules = [...RULES, pair];
    await withPolicies(each, async (put, network) => {
      await put(rules, 'verdict_map');
      await sendTo(network, [7100, 7101, 7101]);
      expect(await counts(6n)).toEqual(['pair 6']);
      await put([port('some', 7101), ...rules], 'verdict_map');
      await sendTo(network, [7100, 7101]);
      expect(await counts(10n)).toEqual(['some 2', 'pair 8']);
      const plan = await put([port('some', 7101), port('others', 7100), ...rules], 'verdict_map');
      expect(await counts(10n)).toEqual(['some 2', 'pair 8']);
      expect((await apply(plan, target, TEST_CACHE)).difference.none).toBe(true);
      await put(rules, 'verdict_map');
      await sendTo(network, [7101]);
      expect(await counts(10n)).toEqual(['pair 10']);
    });
  });

  test('in one family where the other family’s rules move', async () => {
    const v6: WrittenRule = { ref: 'v6', expression: 'ip.src == 2001:db8::1 and udp.dstport == 7200', action: 'block' };
    await withPolicies(each, async (put, network) => {
      await put([v6, ...RULES], 'verdict_map');
      await sendTo(network, [7200, 7000]);
      expect(await counts(3n)).toEqual(['v6 1', 'r0 2']);
      await put([...RULES, v6], 'linear');
      expect(await counts(3n)).toEqual(['r0 2', 'v6 1']);
    });
  });
});

test('nothing is left of rules that are gone, and a policy without counts has no place for them', async () => {
  await withPolicies(oneShots, async (put, network) => {
    await put(RULES, 'linear');
    await put(RULES, 'verdict_map');
    expect(listing()).not.toContain('earlier_counts');
    await sendTo(network, [7000, 7001]);
    expect(await counts(4n)).toEqual(['r0 2', 'r1 2']);
    await put(RULES, 'linear');
    expect(listing()).toContain('rampart earlier ref=r0');
    await put(RULES.slice(1), 'linear');
    expect(listing()).not.toContain('rampart earlier ref=r0');
    expect(listing()).toContain('rampart earlier ref=r1');
    await put(RULES, 'linear');
    expect(await counts(2n)).toEqual(['r1 2']);
  });
});

describe('saved counts', () => {
  test('are gone on from by rules that come back, and by no others', async () => {
    await withPolicies(oneShots, async (put, network) => {
      const before = await put(RULES.slice(0, 4), 'linear');
      await sendTo(network, [7000, 7001, 7002, 7003]);
      await counts(8n);
      const saved = savedCounts(await readCounters(target));
      // One rule goes, one changes, and those that stay count on.
      await put([port('r1', 7777), ...RULES.slice(2, 4)], 'verdict_map');
      await sendTo(network, [7777, 7002, 7002]);
      expect(await counts(10n)).toEqual(['r1 2', 'r2 6', 'r3 2']);
      await apply(before, target, TEST_CACHE, saved);
      expect(await counts(12n)).toEqual(['r0 2', 'r1 2', 'r2 6', 'r3 2']);
      await apply(before, target, TEST_CACHE, saved);
      expect(await counts(12n)).toEqual(['r0 2', 'r1 2', 'r2 6', 'r3 2']);
    });
  });

  test.each(KINDS)('are gone on from in an empty namespace, in %s stages', async stages => {
    await withPolicies(oneShots, async (_, network) => {
      const saved = new Map([
        ['r1', { packets: 5n, bytes: 500n }],
        ['gone', { packets: 7n, bytes: 700n }],
      ]);
      const enforcement = enforce(target, TEST_CACHE);
      try {
        await enforcement.apply(planOf(RULES, { stages }), saved);
        expect(await counts(5n)).toEqual(['r1 5']);
        await sendTo(network, [7001]);
        expect(await counts(7n)).toEqual(['r1 7']);
      } finally {
        enforcement.close();
      }
    });
  });
});

async function withPolicies(
  each: (use: (way: Way) => Promise<void>) => Promise<void>,
  use: (put: Way, network: ScratchNetwork) => Promise<void>,
): Promise<void> {
  await withScratchNetwork(NAME, async network => {
    try {
      await each(put => use(put, network));
    } finally {
      await destroy(target);
    }
  });
}

function port(ref: string, number: number): WrittenRule {
  return { ref, expression: `udp.dstport == ${number}`, action: 'block' };
}

/** Of rules that have counted, in the order of the policy, once they have counted so many packets. */
async function counts(packets: bigint): Promise<string[]> {
  for (let left = MOST_READINGS; ; left--) {
    const { rules } = await readCounters(target);
    const sum = rules.reduce((sum, rule) => sum + rule.packets, 0n);
    if (sum >= packets || left === 0)
      return rules.filter(rule => rule.packets > 0n).map(rule => `${rule.ref} ${rule.packets}`);
  }
}

function listing(): string {
  const command = [`--net=/run/netns/${NAME}`, 'nft', 'list', 'ruleset'];
  return spawnSync('nsenter', command, { encoding: 'utf8' }).stdout;
}

/** IPv6, with a Fragment header that says offset 8. */
function laterFragment({ receiver }: ScratchNetwork): Uint8Array {
  const header = '60000000 0010 2c 20 20010db8000000000000000000000001 20010db8000000000000000000000002';
  const fragment = '01 00 0008 00000007 0000000000010001';
  return Buffer.concat([
    receiver,
    SOURCE_BYTES,
    Buffer.from('86dd', 'hex'),
    Buffer.from(`${header}${fragment}`.replaceAll(' ', ''), 'hex'),
  ]);
}
