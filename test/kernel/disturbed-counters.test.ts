// Counts of rules that move while something is in the way: a receive buffer that has no room for what the kernel tells, as in
// a container that may not enlarge it, and others who change the ruleset all the time.

import { setImmediate } from 'node:timers/promises';
import { openSocket, type Socket } from '../../src/native';
import { Connection } from '../../src/netlink/connection';
import { encodeBatch } from '../../src/netlink/nftables/batch';
import { namespacePath } from '../../src/netns/namespace';
import type { Plan } from '../../src/plan';
import { readCounters } from '../../src/reconcile/counters';
import { destroy } from '../../src/reconcile/destroy';
import { Enforcement, enforce } from '../../src/reconcile/enforcement';
import { programUser } from '../../src/reconcile/target';
import { type ScratchNetwork, withScratchNetwork } from '../../src/replay/scratch-network';
import type { StageChoice } from '../../src/stage/stage';
import { planOf } from '../packet/rules';
import { blockEach, sendTo } from './datagrams';
import { TEST_CACHE } from './object-cache';

const NAME = `rampart-test-disturbed-${process.pid}`;
const target = { namespace: NAME };
const PORTS = Array.from({ length: 1000 }, (_, each) => 7000 + each);
const RULES = blockEach(PORTS);
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
/** Bytes; the kernel doubles them. As of every socket that is not enlarged; what is told of a thousand rules has no room. */
const NARROW = 106_496;

test.each<[StageChoice, StageChoice]>([
  ['linear', 'verdict_map'],
  ['verdict_map', 'linear'],
  ['verdict_map', 'verdict_map'],
])('no answer has room: %s and %s stages', async (first, second) => {
  await withScratchNetwork(NAME, async network => {
    const socket = narrow(netfilterSocket());
    const enforcement = new Enforcement(new Connection(socket), programUser(target), TEST_CACHE);
    try {
      const plan = planOf(RULES, { stages: first });
      await enforcement.apply(plan);
      await sendTo(network, PORTS);
      expect(await counts(2000n)).toEqual(RULES.map(({ ref }) => `${ref} 2`));
      const lost = socket.lost;
      const next = planOf(RULES.toReversed(), { stages: second, keys: plan.keys });
      await enforcement.apply(next);
      expect(socket.lost).toBeGreaterThan(lost);
      expect(enforcement.plan).toBe(next);
      expect(await enforcement.verify()).toMatchObject({ none: true });
      expect(await counts(2000n)).toEqual(RULES.toReversed().map(({ ref }) => `${ref} 2`));
    } finally {
      enforcement.close();
      await destroy(target);
    }
  });
});

test('others change the ruleset all the time', async () => {
  await withScratchNetwork(NAME, async network => {
    const enforcement = enforce(target, TEST_CACHE);
    const state = { done: false };
    const few = RULES.slice(0, 40);
    try {
      let plan: Plan = planOf(few, { stages: 'verdict_map' });
      await enforcement.apply(plan);
      await sendTo(network, PORTS);
      await counts(80n);
      const disturbance = disturb(network, state);
      const ways = new Set<string>();
      for (const [turn, stages] of (
        ['linear', 'verdict_map', 'verdict_map', 'classifier', 'linear'] as const
      ).entries()) {
        plan = planOf(turn % 2 === 0 ? few.toReversed() : few, { stages, keys: plan.keys });
        ways.add((await enforcement.apply(plan)).way);
      }
      state.done = true;
      expect(await disturbance).toBeGreaterThan(0);
      expect(ways).toContain('full');
      expect(await counts(80n)).toEqual(few.toReversed().map(({ ref }) => `${ref} 2`));
    } finally {
      state.done = true;
      enforcement.close();
      await destroy(target);
    }
  });
}, 120_000);

/** How often. */
async function disturb({ netfilter }: ScratchNetwork, state: { readonly done: boolean }): Promise<number> {
  const table = { kind: 'table', family: 'inet', name: 'disturbance' } as const;
  for (let times = 0; ; times++) {
    if (state.done) return times;
    await netfilter.commit(encodeBatch([{ operation: 'create', object: table }]));
    await netfilter.commit(encodeBatch([{ operation: 'delete', object: table }]));
    await setImmediate();
  }
}

function netfilterSocket(): Socket {
  const socket = openSocket({ netns: namespacePath(NAME), domain: 16, type: 3, protocol: 12 });
  socket.setOption(270, 10, 1);
  socket.setOption(270, 11, 1);
  socket.bindNetlink(0, 0);
  return socket;
}

interface NarrowSocket extends Socket {
  /** How often the kernel said that it dropped something. */
  readonly lost: number;
}

/** It keeps the receive buffer that sockets have. */
function narrow(socket: Socket): NarrowSocket {
  socket.setOption(SOL_SOCKET, SO_RCVBUF, NARROW);
  let lost = 0;
  const noticing = <T>(error: unknown): T => {
    if ((error as { code?: string }).code === 'ENOBUFS') lost++;
    throw error;
  };
  return {
    bindNetlink: (portId, groups) => socket.bindNetlink(portId, groups),
    bindPacket: (ifindex, protocol) => socket.bindPacket(ifindex, protocol),
    setOption: (level, option, value) => {
      if (option !== SO_RCVBUF && option !== SO_RCVBUFFORCE) socket.setOption(level, option, value);
    },
    setOptionBytes: (level, option, value) => socket.setOptionBytes(level, option, value),
    getOption: (level, option) => socket.getOption(level, option),
    get portId() {
      return socket.portId;
    },
    get lost() {
      return lost;
    },
    send: datagram => socket.send(datagram),
    sendNow: datagram => socket.sendNow(datagram),
    sendTo: (datagram, address) => socket.sendTo(datagram, address),
    sendMany: frames => socket.sendMany(frames),
    receive: () => socket.receive().catch(noticing<Uint8Array[]>),
    receiveNow: () => {
      try {
        return socket.receiveNow();
      } catch (error) {
        return noticing(error);
      }
    },
    close: () => socket.close(),
  };
}

/** In the order of the policy, once there are so many packets. */
async function counts(packets: bigint): Promise<string[]> {
  for (;;) {
    const { rules } = await readCounters(target);
    const sum = rules.reduce((sum, rule) => sum + rule.packets, 0n);
    if (sum >= packets) return rules.map(rule => `${rule.ref} ${rule.packets}`);
  }
}
