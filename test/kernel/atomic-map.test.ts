// Verdict maps that change while packets flow: elements come, go and get other owners, and rules move from one map to
// another or into the chain. What two policies both drop, no packet may pass while they replace each other. Rules that
// match nothing stand before the maps: a packet on its way through them meets the commit before it comes to its map.

import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { macBytes } from '../../src/netlink/route/mac';
import { ipPacket, udp } from '../../src/packet/build';
import type { Plan } from '../../src/plan';
import { destroy } from '../../src/reconcile/destroy';
import { enforce } from '../../src/reconcile/enforcement';
import { type ScratchNetwork, withScratchNetwork } from '../../src/replay/scratch-network';
import type { StageChoice } from '../../src/stage/stage';
import { planOf, type WrittenRule } from '../packet/rules';
import { TEST_CACHE } from './object-cache';

const NAME = `rampart-test-atomic-map-${process.pid}`;
const SOURCE = macBytes('02:00:00:00:00:01');
/** Dropped by both policies, and by a rule of the first alone. */
const ALWAYS = 7000;
const SOMETIMES = 7001;
const APPLIES = 150;
const PACKETS = 100_000;
/** Below net.core.netdev_max_backlog (1,000). */
const BATCH = 240;

/** An automaton goes through all of the payload for each. */
const DELAY: readonly WrittenRule[] = Array.from({ length: 8 }, (_, each) => ({
  ref: `delay-${each}`,
  expression: `udp.payload matches "z+y[0-9]x${each}"`,
  action: 'skip',
}));
const PAYLOAD = 'z'.repeat(1200);
const OTHERS: readonly WrittenRule[] = Array.from({ length: 50 }, (_, each) => block(`other-${each}`, 8000 + each));
const LOG: WrittenRule = { ref: 'log', expression: 'ip.len == 59999', action: 'log' };
const DROP = block('drop', ALWAYS);
const RANGE: WrittenRule = { ref: 'range', expression: `udp.dstport in {6000..${ALWAYS}}`, action: 'block' };
const ONCE = block('once', SOMETIMES);

interface Alternation {
  readonly first: readonly WrittenRule[];
  readonly second: readonly WrittenRule[];
  readonly stages: readonly [StageChoice, StageChoice];
}

const MAPS = ['verdict_map', 'verdict_map'] as const;

describe('no packet passes that both policies drop:', () => {
  test.each<[string, Alternation]>([
    ['another element goes', { first: [...OTHERS, DROP, ONCE], second: [...OTHERS, DROP], stages: MAPS }],
    [
      'its element gets another owner',
      { first: [...OTHERS, DROP, ONCE], second: [...OTHERS, block('drop-2', ALWAYS)], stages: MAPS },
    ],
    [
      'a rule of the chain with another name takes its place',
      { first: [...OTHERS, DROP, ONCE], second: [...OTHERS, RANGE], stages: MAPS },
    ],
    ['its rule moves to another map', { first: [...OTHERS, DROP, ONCE], second: [...OTHERS, LOG, DROP], stages: MAPS }],
    [
      'its map becomes rules of the chain',
      { first: [...OTHERS, DROP, ONCE], second: [...OTHERS, DROP], stages: ['verdict_map', 'linear'] },
    ],
  ])(
    '%s',
    async (_, { first, second, stages }) => {
      await withScratchNetwork(NAME, async network => {
        const before = planOf([...DELAY, ...first], { stages: stages[0] });
        const after = planOf([...DELAY, ...second], { stages: stages[1], keys: before.keys });
        nft(COUNT);
        try {
          const state = { applies: 0, sent: 0, done: false };
          await Promise.all([alternate([before, after], state), flood(network, state)]);
          const { always, sometimes } = passed();
          process.stdout.write(
            `${state.applies} applies, ${state.sent} packets, passed: ${always}, and ${sometimes} of the other class\n`,
          );
          expect(always).toBe(0);
          // Both policies were in force for a good part of the time.
          expect(sometimes).toBeGreaterThan(state.sent / 50);
          expect(sometimes).toBeLessThan(state.sent / 2 - state.sent / 50);
        } finally {
          await destroy({ namespace: NAME });
        }
      });
    },
    120_000,
  );
});

interface State {
  applies: number;
  sent: number;
  done: boolean;
}

async function alternate(plans: readonly [Plan, Plan], state: State): Promise<void> {
  const enforcement = enforce({ namespace: NAME }, TEST_CACHE);
  try {
    while (state.applies < APPLIES || state.sent < PACKETS) {
      await enforcement.apply(plans[state.applies % 2] as Plan);
      state.applies++;
      await setTimeout(2 * Math.random());
    }
  } finally {
    state.done = true;
    enforcement.close();
  }
}

/** Half of the packets of each class, in both families; from the moment on that the first policy is in force. */
async function flood({ wire, receiver }: ScratchNetwork, state: State): Promise<void> {
  const frames = [ALWAYS, SOMETIMES].flatMap(port => [
    Buffer.concat([receiver, SOURCE, Buffer.from([0x08, 0x00]), packet('192.0.2.1', '192.0.2.2', port)]),
    Buffer.concat([receiver, SOURCE, Buffer.from([0x86, 0xdd]), packet('2001:db8::1', '2001:db8::2', port)]),
  ]);
  const batch = Array.from({ length: BATCH / frames.length }, () => frames).flat();
  while (!state.done) {
    if (state.applies === 0) await new Promise(setImmediate);
    else state.sent += await wire.sendMany(batch);
  }
}

function packet(source: string, destination: string, port: number): Uint8Array {
  return ipPacket({ source, destination }, udp(40000, port, PAYLOAD));
}

function block(ref: string, port: number): WrittenRule {
  return { ref, expression: `udp.dstport == ${port}`, action: 'block' };
}

/** Behind the policy. Only frames from our own Ethernet address count: the kernel sends packets of IPv6 itself. */
const COUNT = `table inet gauge {
  chain count {
    type filter hook prerouting priority -290;
    ether saddr 02:00:00:00:00:01 udp dport ${ALWAYS} counter drop comment "always"
    ether saddr 02:00:00:00:00:01 udp dport ${SOMETIMES} counter drop comment "sometimes"
  }
}
`;

function nft(rules: string): void {
  execFileSync('nsenter', [`--net=/run/netns/${NAME}`, 'nft', '-f', '-'], { input: rules });
}

interface Listing {
  readonly nftables: readonly {
    readonly rule?: { readonly comment: string; readonly expr: readonly { readonly counter?: { packets: number } }[] };
  }[];
}

function passed(): { readonly always: number; readonly sometimes: number } {
  const list = ['nft', '-j', 'list', 'table', 'inet', 'gauge'];
  const text = execFileSync('nsenter', [`--net=/run/netns/${NAME}`, ...list], { encoding: 'utf8' });
  const { nftables }: Listing = JSON.parse(text);
  const of = (comment: string) => {
    const rule = nftables.find(each => each.rule?.comment === comment)?.rule;
    return rule?.expr.find(each => each.counter)?.counter?.packets ?? -1;
  };
  return { always: of('always'), sometimes: of('sometimes') };
}
