// Two policies in classifiers replace each other as fast as can be while packets flow: in place by the process that made
// the instance, or by instances one beside the other. Whoever saw half of each policy, or none, would pass a class of
// packets that both drop, or drop one that both pass; and what a rule has counted that both have would not add up.

import { isDeepStrictEqual } from 'node:util';
import { encodeBatch } from '../../src/netlink/nftables/batch';
import { decodeRule, dumpRules } from '../../src/netlink/nftables/rule';
import { commentUserdata } from '../../src/netlink/nftables/userdata';
import { macBytes } from '../../src/netlink/route/mac';
import { ipPacket, udp } from '../../src/packet/build';
import type { Plan } from '../../src/plan';
import { apply } from '../../src/reconcile/apply';
import { listInstances } from '../../src/reconcile/classifier/release';
import { readCounters } from '../../src/reconcile/counters';
import { commentOf } from '../../src/reconcile/description';
import { destroy } from '../../src/reconcile/destroy';
import { enforce } from '../../src/reconcile/enforcement';
import { programUser } from '../../src/reconcile/target';
import { type ScratchNetwork, withScratchNetwork } from '../../src/replay/scratch-network';
import { planOf, type WrittenRule } from '../packet/rules';
import { TEST_CACHE } from './object-cache';

/** By destination port. */
const CLASSES = {
  'dropped by one rule of both': 7000,
  'passed by one rule of both': 7001,
  'dropped, by the first rule or the last': 7002,
  'passed, by a skip or by nothing': 7003,
  'dropped by the first policy': 7004,
} as const;
type Class = keyof typeof CLASSES;

const DROPS: WrittenRule = { ref: 'drops', expression: 'udp.dstport == 7000', action: 'block' };
const PASSES: WrittenRule = { ref: 'passes', expression: 'udp.dstport == 7001', action: 'skip' };
const OTHERS = Array.from({ length: 70 }, (_, each): WrittenRule => {
  return { ref: `other${each}`, expression: `udp.dstport == ${9000 + each}`, action: 'block' };
});

const FIRST: readonly WrittenRule[] = [
  { ref: 'a', expression: 'udp.dstport == 7002', action: 'block' },
  DROPS,
  { ref: 'b', expression: 'udp.dstport == 7003', action: 'skip' },
  PASSES,
  ...OTHERS,
  { ref: 'c', expression: 'udp.dstport in {7003 7004}', action: 'block' },
];

const SECOND: readonly WrittenRule[] = [
  ...OTHERS.slice(0, 35),
  PASSES,
  DROPS,
  ...OTHERS.slice(35),
  { ref: 'd', expression: 'udp.dstport in {7002 7005}', action: 'block' },
];

/** Of another shape: also of a field that the others do not read. */
const OF_ANOTHER_PROGRAM: readonly WrittenRule[] = [
  ...SECOND,
  { ref: 'e', expression: 'ip.ttl == 1', action: 'block' },
];

const PACKETS = 60_000;
const TURNS = 40;
const BATCH = 200;
const NAME = `rampart-test-atomic-classifier-${process.pid}`;
const TARGET = { namespace: NAME };
const SOURCE = macBytes('02:00:00:00:00:01');

test.each<[way: string, second: readonly WrittenRule[], inPlace: boolean]>([
  ['in place', SECOND, true],
  ['by instances beside each other', SECOND, false],
  ['by instances of different programs', OF_ANOTHER_PROGRAM, false],
])(
  'no packet is judged by halves of two policies, nor by none, and all are counted: %s',
  async (_, second, inPlace) => {
    await withScratchNetwork(NAME, async network => {
      const plans = [planOf(FIRST, { stages: 'classifier' }), planOf(second, { stages: 'classifier' })] as const;
      await network.netfilter.commit(encodeBatch([...gauge('before', -310), ...gauge('behind', -290)]));
      const enforcement = enforce(TARGET, TEST_CACHE);
      const put = (plan: Plan) => (inPlace ? enforcement.apply(plan) : apply(plan, TARGET, TEST_CACHE));
      try {
        await put(plans[0]);
        const instances = listInstances(programUser(TARGET));
        const state = { turns: 0, sent: 0 };
        await Promise.all([alternate(plans, put, state), flood(network, state)]);
        const each = state.sent / Object.keys(CLASSES).length;
        expect(await counts(network, 'before')).toEqual(
          Object.fromEntries(Object.keys(CLASSES).map(name => [name, each])),
        );
        const passed = await counts(network, 'behind');
        process.stdout.write(`${state.sent} packets, ${state.turns} turns; passed: ${JSON.stringify(passed)}\n`);
        expect(passed).toMatchObject({
          'dropped by one rule of both': 0,
          'passed by one rule of both': each,
          'dropped, by the first rule or the last': 0,
          'passed, by a skip or by nothing': each,
        });
        // Both policies were in force for a good part of the time.
        expect(passed['dropped by the first policy']).toBeGreaterThan(each / 20);
        expect(passed['dropped by the first policy']).toBeLessThan(each - each / 20);
        const counted = new Map((await readCounters(TARGET)).rules.map(({ ref, packets }) => [ref, Number(packets)]));
        expect([counted.get('drops'), counted.get('passes')]).toEqual([each, each]);
        expect(isDeepStrictEqual(listInstances(programUser(TARGET)), instances)).toBe(inPlace);
      } finally {
        enforcement.close();
        await destroy(TARGET);
      }
    });
  },
  120_000,
);

interface State {
  turns: number;
  sent: number;
}

async function alternate(
  plans: readonly [Plan, Plan],
  put: (plan: Plan) => Promise<unknown>,
  state: State,
): Promise<void> {
  while (state.turns < TURNS || state.sent < PACKETS) {
    await put(plans[(state.turns + 1) % 2] as Plan);
    state.turns++;
    // The flood gets its turn, also of the processor.
    const { sent } = state;
    while (state.sent === sent) await new Promise(setImmediate);
  }
}

async function flood({ wire, receiver }: ScratchNetwork, state: State): Promise<void> {
  const frames = Object.values(CLASSES).map(port =>
    Buffer.concat([
      receiver,
      SOURCE,
      Buffer.from([0x08, 0x00]),
      ipPacket({ source: '192.0.2.1', destination: '192.0.2.2' }, udp(40000, port, 'x')),
    ]),
  );
  const batch = Array.from({ length: BATCH / frames.length }, () => frames).flat();
  while (state.turns < TURNS || state.sent < PACKETS) state.sent += await wire.sendMany(batch);
}

/** Counts each class; what is behind the policy ends there. */
function gauge(name: string, priority: number): Parameters<typeof encodeBatch>[0] {
  const place = { family: 'inet', table: name } as const;
  const base = { type: 'filter', hook: 'prerouting', priority, policy: 'accept' } as const;
  return [
    { operation: 'create', object: { kind: 'table', family: 'inet', name } },
    { operation: 'add', object: { kind: 'chain', ...place, name: 'count', base } },
    ...Object.entries(CLASSES).map(
      ([title, port]) =>
        ({
          operation: 'add',
          object: {
            kind: 'rule',
            ...place,
            chain: 'count',
            expressions: [
              { kind: 'payload', base: 'transport', offset: 2, length: 2, destination: 1 },
              { kind: 'cmp', source: 1, operator: 'eq', value: Uint8Array.of(port >> 8, port & 0xff) },
              { kind: 'counter' },
            ],
            userdata: commentUserdata(title),
          },
        }) as const,
    ),
  ];
}

async function counts({ netfilter }: ScratchNetwork, table: string): Promise<Record<Class, number>> {
  const rules = (await netfilter.dump(dumpRules('inet', table))).map(decodeRule);
  const entries = rules.map(rule => {
    const counter = rule.expressions.find(expression => expression.kind === 'counter');
    return [commentOf(rule), Number(counter?.packets)];
  });
  return Object.fromEntries(entries);
}
