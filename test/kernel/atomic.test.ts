// One packet, one policy: two policies replace each other as fast as the kernel takes them, while packets flow. Each
// policy judges every class of packet by another kind of rule, so whoever saw half of each, or neither, would let a
// class pass that both drop, or drop one that both let pass. Counted before the policy's hook and behind it.

import { execFileSync } from 'node:child_process';
import { macBytes } from '../../src/netlink/route/mac';
import { ipPacket, udp } from '../../src/packet/build';
import type { Plan } from '../../src/plan';
import { apply } from '../../src/reconcile/apply';
import { destroy } from '../../src/reconcile/destroy';
import { type ScratchNetwork, withScratchNetwork } from '../../src/replay/scratch-network';
import type { StageChoice } from '../../src/stage/stage';
import { planOf, type WrittenRule } from '../packet/rules';
import { TEST_CACHE } from './object-cache';

/** By destination port; both families of each. */
const CLASSES = {
  'dropped by a rule or by a set': { port: 7000, payload: 'x' },
  'dropped by a chain of its own or by eBPF': { port: 7001, payload: 'drop' },
  'dropped by eBPF or by a rule': { port: 7002, payload: 'xyzzy' },
  'let pass by a skip before a block': { port: 7003, payload: 'pass' },
  'dropped by the first policy': { port: 7004, payload: 'x' },
  'dropped by the second policy': { port: 7005, payload: 'x' },
} as const;
type Class = keyof typeof CLASSES;

const FIRST: readonly WrittenRule[] = [
  { action: 'skip', expression: 'udp.dstport == 7003' },
  { action: 'block', expression: 'udp.dstport == 7000' },
  {
    action: 'block',
    expression: '(ip.ttl == 64 or udp.srcport == 1) and (udp.dstport == 7001 or ip.len == 9999)',
  },
  { action: 'block', expression: 'udp.dstport == 7002 and ends_with(udp.payload, "xyzzy")' },
  { action: 'block', expression: 'udp.dstport in {7003 7004 8000..8100}' },
];

const SECOND: readonly WrittenRule[] = [
  { action: 'block', expression: 'udp.dstport in {7000 7002 7200..7300}' },
  { action: 'skip', expression: 'ends_with(udp.payload, "pass")' },
  { action: 'block', expression: 'udp.payload contains "drop"' },
  {
    action: 'block',
    expression: '(ip.ttl == 64 or udp.srcport == 1) and (udp.dstport == 7003 or udp.dstport == 7005)',
  },
];

const PACKETS = 100_000;
const APPLIES = 60;
/** Below net.core.netdev_max_backlog (1,000), beyond which the kernel would drop packets on their way to the hook. */
const BATCH = 240;
const NAME = `rampart-test-atomic-${process.pid}`;
const SOURCE = macBytes('02:00:00:00:00:01');

test('the policies are of rules, sets, chains and programs', () => {
  const plans = [FIRST, SECOND].map(rules => planOf(rules, { stages: 'linear' }));
  expect(plans.map(kindsOfRules)).toEqual([
    ['chain', 'program', 'set'],
    ['chain', 'program', 'set'],
  ]);
});

test.each<readonly [StageChoice, StageChoice]>([
  ['linear', 'linear'],
  ['verdict_map', 'classifier'],
  ['classifier', 'linear'],
])(
  'no packet is judged by halves of two policies, nor by none; stages %s and %s',
  async (first, second) => {
    await withScratchNetwork(NAME, async network => {
      const plans = [planOf(FIRST, { stages: first }), planOf(SECOND, { stages: second })] as const;
      expect(plans.map(({ stages }) => stages.ip[0]?.kind)).toEqual([first, second]);
      nft(`${BEFORE}${BEHIND}`);
      try {
        await apply(plans[0], { namespace: NAME }, TEST_CACHE);
        const state = { applies: 0, sent: 0 };
        await Promise.all([alternate(plans, state), flood(network, state)]);
        const seen = counters('before');
        const passed = counters('behind');
        const each = state.sent / (2 * Object.keys(CLASSES).length);
        process.stdout.write(`${state.sent} packets, ${state.applies} applies; passed: ${JSON.stringify(passed)}\n`);
        expect(seen).toEqual(Object.fromEntries(Object.keys(CLASSES).map(name => [name, 2 * each])));
        expect(passed['dropped by a rule or by a set']).toBe(0);
        expect(passed['dropped by a chain of its own or by eBPF']).toBe(0);
        expect(passed['dropped by eBPF or by a rule']).toBe(0);
        expect(passed['let pass by a skip before a block']).toBe(2 * each);
        // Both policies were in force for a good part of the time.
        for (const name of ['dropped by the first policy', 'dropped by the second policy'] as const) {
          expect(passed[name]).toBeGreaterThan(each / 10);
          expect(passed[name]).toBeLessThan(2 * each - each / 10);
        }
      } finally {
        await destroy({ namespace: NAME });
      }
    });
  },
  120_000,
);

/** The policies by turns until enough packets were sent. */
async function alternate(plans: readonly [Plan, Plan], state: { applies: number; sent: number }): Promise<void> {
  while (state.applies < APPLIES || state.sent < PACKETS) {
    const plan = plans[(state.applies + 1) % 2] as Plan;
    nft(SLOW);
    const { difference } = await apply(plan, { namespace: NAME }, TEST_CACHE);
    expect(difference.none).toBe(false);
    state.applies++;
  }
}

/** Whole batches of every class in both families, until there were enough packets and applies. */
async function flood({ wire, receiver }: ScratchNetwork, state: { applies: number; sent: number }): Promise<void> {
  const frames = Object.values(CLASSES).flatMap(({ port, payload }) => [
    Buffer.concat([receiver, SOURCE, Buffer.from([0x08, 0x00]), packet('192.0.2.1', '192.0.2.2', port, payload)]),
    Buffer.concat([receiver, SOURCE, Buffer.from([0x86, 0xdd]), packet('2001:db8::1', '2001:db8::2', port, payload)]),
  ]);
  const batch = Array.from({ length: BATCH / frames.length }, () => frames).flat();
  while (state.applies < APPLIES || state.sent < PACKETS) state.sent += await wire.sendMany(batch);
}

function packet(source: string, destination: string, port: number, payload: string): Uint8Array {
  return ipPacket({ source, destination }, udp(40000, port, payload));
}

function kindsOfRules({ tables }: Plan): string[] {
  const chains = [tables.ip, tables.ip6].flatMap(table => table.chains);
  const rules = chains.flatMap(({ rules }) => rules);
  const kinds = rules.flatMap(({ matches, verdict }) => [
    ...matches.map(match => (match.kind === 'test' && match.set !== undefined ? 'set' : match.kind)),
    ...(verdict?.kind === 'jump' && verdict.chain.startsWith('rule_') ? ['chain'] : []),
  ]);
  return [...new Set(kinds)].filter(kind => ['chain', 'program', 'set'].includes(kind)).sort();
}

const BEFORE = gauge('before', -310, '');
const BEHIND = gauge('behind', -290, 'drop');

/** Only frames from our own Ethernet address count: the kernel sends packets of IPv6 itself. */
function gauge(name: string, priority: number, end: string): string {
  const rules = Object.entries(CLASSES).map(
    ([name, { port }]) => `ether saddr 02:00:00:00:00:01 udp dport ${port} counter ${end} comment "${name}"`,
  );
  return `table inet gauge_${name} {
  chain count {
    type filter hook prerouting priority ${priority};
    ${rules.join('\n')}
  }
}
`;
}

/**
 * Costs each packet some microseconds at the policy's own priority. Made anew before each apply, it stands before the
 * policy's chain; a chain that apply made anew would come before it, and a packet that meets the new chain before the
 * commit and the old one after it would be judged by neither.
 */
const SLOW = `add table inet slow
delete table inet slow
table inet slow {
  chain slow {
    type filter hook prerouting priority -300;
    ${Array.from({ length: 400 }, (_, mark) => `meta mark ${mark + 1} counter`).join('\n')}
  }
}
`;

function nft(rules: string): void {
  execFileSync('nsenter', [`--net=/run/netns/${NAME}`, 'nft', '-f', '-'], { input: rules });
}

interface Listing {
  readonly nftables: readonly {
    readonly rule?: { readonly comment: Class; readonly expr: readonly { readonly counter?: { packets: number } }[] };
  }[];
}

function counters(name: string): Readonly<Record<Class, number>> {
  const list = ['nft', '-j', 'list', 'table', 'inet', `gauge_${name}`];
  const text = execFileSync('nsenter', [`--net=/run/netns/${NAME}`, ...list], { encoding: 'utf8' });
  const { nftables }: Listing = JSON.parse(text);
  const found = { ...NOTHING };
  for (const { rule } of nftables) {
    if (rule !== undefined) found[rule.comment] = rule.expr.find(each => each.counter)?.counter?.packets ?? -1;
  }
  return found;
}

const NOTHING: Record<Class, number> = {
  'dropped by a rule or by a set': -1,
  'dropped by a chain of its own or by eBPF': -1,
  'dropped by eBPF or by a rule': -1,
  'let pass by a skip before a block': -1,
  'dropped by the first policy': -1,
  'dropped by the second policy': -1,
};
