// Counts of rules that move from stage to stage while packets flow: each packet matches one rule, so that all counts
// together are the packets that came. The kernel tells the last counts of what it deletes at the commit; what a packet
// counts that was in the middle of the old rule then, is lost: one for each processor and commit at the most.

import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { macBytes } from '../../src/netlink/route/mac';
import { ipPacket, udp } from '../../src/packet/build';
import type { Plan } from '../../src/plan';
import { readCounters } from '../../src/reconcile/counters';
import { destroy } from '../../src/reconcile/destroy';
import { enforce } from '../../src/reconcile/enforcement';
import { type ScratchNetwork, withScratchNetwork } from '../../src/replay/scratch-network';
import type { StageChoice } from '../../src/stage/stage';
import { planOf, type WrittenRule } from '../packet/rules';
import { TEST_CACHE } from './object-cache';

const NAME = `rampart-test-counter-flood-${process.pid}`;
const SOURCE = macBytes('02:00:00:00:00:01');
const PORTS = Array.from({ length: 40 }, (_, each) => 7000 + each);
const RULES: readonly WrittenRule[] = PORTS.map(port => {
  return { ref: `port-${port}`, expression: `udp.dstport == ${port}`, action: 'block' };
});
const APPLIES = 60;
/** Below net.core.netdev_max_backlog (1,000). */
const BATCH = 240;

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
      execFileSync('nsenter', [`--net=/run/netns/${NAME}`, 'nft', '-f', '-'], { input: ARRIVED });
      try {
        const state = { applies: 0, done: false };
        await Promise.all([alternate([before, after], state), flood(network, state)]);
        const { rules } = await readCounters({ namespace: NAME });
        const counted = rules.reduce((sum, { packets }) => sum + packets, 0n);
        const missing = arrived() - counted;
        process.stdout.write(`${state.applies} applies, ${arrived()} packets, not counted: ${missing}\n`);
        expect(missing).toBeGreaterThanOrEqual(0n);
        expect(missing).toBeLessThanOrEqual(BigInt(state.applies * availableParallelism()));
      } finally {
        await destroy({ namespace: NAME });
      }
    });
  },
  120_000,
);

interface State {
  applies: number;
  done: boolean;
}

async function alternate(plans: readonly [Plan, Plan], state: State): Promise<void> {
  const enforcement = enforce({ namespace: NAME }, TEST_CACHE);
  try {
    for (; state.applies < APPLIES; state.applies++) await enforcement.apply(plans[state.applies % 2] as Plan);
  } finally {
    state.done = true;
    enforcement.close();
  }
}

/** From the moment on that the first policy is in force. */
async function flood({ wire, receiver }: ScratchNetwork, state: State): Promise<void> {
  const frames = PORTS.flatMap(port => [
    Buffer.concat([receiver, SOURCE, Buffer.from([0x08, 0x00]), packet('192.0.2.1', '192.0.2.2', port)]),
    Buffer.concat([receiver, SOURCE, Buffer.from([0x86, 0xdd]), packet('2001:db8::1', '2001:db8::2', port)]),
  ]);
  const batch = Array.from({ length: BATCH / frames.length }, () => frames).flat();
  while (!state.done) {
    if (state.applies === 0) await new Promise(setImmediate);
    else await wire.sendMany(batch);
  }
}

function packet(source: string, destination: string, port: number): Uint8Array {
  return ipPacket({ source, destination }, udp(40000, port, 'x'));
}

/** Before the policy. Only frames from our own Ethernet address count: the kernel sends packets of IPv6 itself. */
const ARRIVED = `table inet gauge {
  chain count {
    type filter hook prerouting priority -310;
    ether saddr 02:00:00:00:00:01 counter comment "arrived"
  }
}
`;

function arrived(): bigint {
  const list = [`--net=/run/netns/${NAME}`, 'nft', 'list', 'table', 'inet', 'gauge'];
  return BigInt(/packets (\d+)/.exec(execFileSync('nsenter', list, { encoding: 'utf8' }))?.[1] ?? -1);
}
