// Frames through the real kernel: a scratch network with the policy applied, each frame sent into it, and what became of
// it read from counters: whether it reached the hook, whether it passed, and which rules matched.

import type { ObjectCache } from '../backend/ebpf/object-cache';
import { isNativeError } from '../native';
import { encodeBatch } from '../netlink/nftables/batch';
import { decodeRule, dumpRules } from '../netlink/nftables/rule';
import { ipPacket } from '../packet/build';
import type { Frame } from '../pcap/frame';
import { ipPacketOf } from '../pcap/link-layer';
import type { Plan } from '../plan';
import { apply } from '../reconcile/apply';
import { readCounted } from '../reconcile/counted';
import { countRules, type RuleCount } from '../reconcile/counters';
import { destroy } from '../reconcile/destroy';
import { releaseAll } from '../reconcile/installation';
import { programUser } from '../reconcile/target';
import { GAUGE, gaugeOperations, type Reading, readGauge } from './gauge';
import { MTU, type ScratchNetwork, withScratchNetwork } from './scratch-network';

export type Fate =
  | { readonly kind: 'unseen'; readonly reason: string }
  | {
      readonly kind: 'judged';
      readonly verdict: 'drop' | 'pass';
      /** In the order of the policy, with what they have counted of it. */
      readonly matched: readonly RuleCount[];
    };

/** How long the kernel may take to process a frame before something is wrong with the scratch network. */
const PATIENCE_MS = 10_000;
const FRAME_SOURCE = Buffer.from('020000000001', 'hex');
const FENCE_SOURCE = Buffer.from('020000000002', 'hex');
const ETHERTYPE = { 4: Buffer.from('0800', 'hex'), 6: Buffer.from('86dd', 'hex') };

/** Calls `report` for every frame in turn. The scratch network and the plan's pins in it are gone afterwards. */
export async function replay(
  plan: Plan,
  frames: Iterable<Frame>,
  cache: ObjectCache,
  report: (frame: Frame, fate: Fate) => void,
): Promise<void> {
  await withScratchNetwork(`rampart-replay-${process.pid}`, async network => {
    const target = { namespace: network.namespace };
    // A signal ends the process without `finally`; the namespace then takes its tables along, and not its pins.
    const giveBack = () => releaseAll(programUser(target));
    process.once('exit', giveBack);
    try {
      await apply(plan, target, cache);
      await network.netfilter.commit(encodeBatch(gaugeOperations(FRAME_SOURCE, FENCE_SOURCE)));
      let before = await readState(network);
      for (const frame of frames) {
        const { fate, state } = await replayFrame(network, frame, before);
        before = state;
        report(frame, fate);
      }
    } finally {
      process.off('exit', giveBack);
      await destroy(target);
    }
  });
}

interface State {
  readonly gauge: Reading;
  readonly rules: readonly RuleCount[];
}

async function replayFrame(
  network: ScratchNetwork,
  frame: Frame,
  before: State,
): Promise<{ fate: Fate; state: State }> {
  const link = ipPacketOf(frame);
  const unseen = (reason: string) => ({ fate: { kind: 'unseen', reason } as const, state: before });
  if ('skipped' in link) return unseen(link.skipped);
  if (link.packet.length > MTU) return unseen(`longer than the largest packet of ${MTU} bytes`);
  const ethernet = Buffer.concat([network.receiver, FRAME_SOURCE, ETHERTYPE[link.family], link.packet]);
  if (!(await send(network, ethernet))) return unseen('too short for the device');
  const state = await settled(network, before);
  if (state.gauge.seen === before.gauge.seen) {
    return { fate: { kind: 'unseen', reason: 'the kernel discards it before the hook' }, state };
  }
  const passed = state.gauge.passed > before.gauge.passed;
  return { fate: { kind: 'judged', verdict: passed ? 'pass' : 'drop', matched: matchedSince(before, state) }, state };
}

/** The frame and its fence. False where the kernel finds the frame shorter than a link-layer header and more. */
async function send({ wire, receiver }: ScratchNetwork, ethernet: Uint8Array): Promise<boolean> {
  const fence = ipPacket({ source: '192.0.2.1', destination: '192.0.2.2' }, { protocol: 253, bytes: Buffer.alloc(8) });
  try {
    await wire.send(ethernet);
  } catch (error) {
    if (isNativeError(error) && error.code === 'EINVAL') return false;
    throw error;
  }
  await wire.send(Buffer.concat([receiver, FENCE_SOURCE, ETHERTYPE[4], fence]));
  return true;
}

/**
 * The counters, read after the fence has been found counted: a dump is not of one moment, so the one that finds the fence may
 * have read rules before the frame came to them.
 */
async function settled(network: ScratchNetwork, before: State): Promise<State> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const { fences } = readGauge((await network.netfilter.dump(dumpRules('inet', GAUGE))).map(decodeRule));
    if (fences > before.gauge.fences) return readState(network);
    if (Date.now() > deadline) throw new Error(`the scratch network did not deliver a frame within ${PATIENCE_MS} ms`);
  }
}

async function readState({ netfilter }: ScratchNetwork): Promise<State> {
  const rules = (await netfilter.dump(dumpRules('unspec'))).map(decodeRule);
  return { gauge: readGauge(rules), rules: countRules(await readCounted(netfilter, rules)) };
}

/** In the order of the policy. */
function matchedSince(before: State, after: State): RuleCount[] {
  const earlier = new Map(before.rules.map(rule => [rule.index, rule]));
  return after.rules.flatMap(rule => {
    const { packets = 0n, bytes = 0n } = earlier.get(rule.index) ?? {};
    return rule.packets > packets ? [{ ...rule, packets: rule.packets - packets, bytes: rule.bytes - bytes }] : [];
  });
}
