// The main job, shown: a policy is applied in an account's namespace between a client and an origin, real packets are
// sent through it, and for each the evaluator's verdict stands beside the kernel's. Status 1 if any two differ.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readPolicyFile } from '../account/policy-file';
import { objectCache } from '../cli/options';
import { printError } from '../cli/output-error';
import { textTable } from '../cli/text-table';
import { compile } from '../compile';
import { evaluate } from '../ir/evaluate';
import type { Plan } from '../plan';
import { apply } from '../reconcile/apply';
import { type Counters, readCounters } from '../reconcile/counters';
import { destroy } from '../reconcile/destroy';
import { programPin } from '../reconcile/pin';
import { type DemoNetwork, removeAbandoned, withDemoNetwork } from './network';
import { DEMO_PACKETS, type DemoPacket, FENCE } from './packets';

const FRAME_SOURCE = Buffer.from('02000000ffff', 'hex');
const ETHERTYPE = { 4: Buffer.from('0800', 'hex'), 6: Buffer.from('86dd', 'hex') };
/** The policy file stays in src/: three folders up from build/js/demo. */
const POLICY = join(__dirname, '../../../src/demo/policy.yaml');

interface Outcome {
  readonly packet: string;
  readonly evaluator: { readonly verdict: string; readonly matched: readonly string[] };
  readonly kernel: { readonly verdict: string; readonly matched: readonly string[] };
  /** The deciding rule, or the last that matched; with its counter. */
  readonly rule: string;
  readonly count: string;
}

async function main(): Promise<void> {
  for (const name of removeAbandoned()) console.log(`removed ${name}, left by an interrupted run`);
  const compiled = compile(readPolicyFile(POLICY));
  if (!compiled.ok) throw new Error(`the demonstration's policy is refused: ${JSON.stringify(compiled.refused)}`);
  const plan = compiled.value;
  const outcomes = await withDemoNetwork(async network => {
    const target = { namespace: network.account };
    await apply(plan, target, objectCache({ cache: process.env.RAMPART_CACHE ?? '/var/cache/rampart' }));
    try {
      console.log(`${plan.ruleset.rules.length} rules in force in network namespace ${network.account}\n`);
      showKernel(network, plan);
      return await sendAll(network, plan);
    } finally {
      await destroy(target);
    }
  });
  process.exitCode = report(outcomes);
}

/** What the kernel's own tools say, while the policy is in force. */
function showKernel({ account }: DemoNetwork, plan: Plan): void {
  const [program] = plan.programs.keys();
  for (const [command, ...parameters] of [
    ['ip', 'netns', 'exec', account, 'nft', 'list', 'chain', 'ip', 'rampart', 'magic_transit'],
    ...(program === undefined ? [] : [['bpftool', 'prog', 'show', 'pinned', programPin(program)]]),
  ] as [string, ...string[]][]) {
    console.log(`# ${[command, ...parameters].join(' ')}`);
    console.log(execFileSync(command, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  }
}

async function sendAll(network: DemoNetwork, plan: Plan): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const packet of DEMO_PACKETS) {
    const before = await readCounters({ namespace: network.account });
    const arrived = await isForwarded(network, packet);
    const after = await readCounters({ namespace: network.account });
    outcomes.push(outcomeOf(plan, packet, arrived, { before, after }));
  }
  return outcomes;
}

/** Sends the packet and a fence behind it; what the origin has not received by the fence was dropped. */
async function isForwarded({ client, gateway, origin }: DemoNetwork, packet: DemoPacket): Promise<boolean> {
  await client.sendMany([frameOf(packet, gateway), frameOf(FENCE, gateway)]);
  let arrived = false;
  for (;;) {
    for (const frame of await origin.receive()) {
      if (isFrameOf(frame, FENCE)) return arrived;
      if (isFrameOf(frame, packet)) arrived = true;
    }
  }
}

function frameOf({ bytes }: DemoPacket, destination: Uint8Array): Uint8Array {
  const version = (bytes[0] as number) >> 4 === 6 ? 6 : 4;
  return Buffer.concat([destination, FRAME_SOURCE, ETHERTYPE[version], bytes]);
}

/** Forwarding changes Ethernet addresses, TTL and header checksum; from the IP addresses on all stays. */
function isFrameOf(frame: Uint8Array, { bytes }: DemoPacket): boolean {
  const addresses = (bytes[0] as number) >> 4 === 6 ? 8 : 12;
  return Buffer.compare(frame.subarray(14 + addresses), bytes.subarray(addresses)) === 0;
}

function outcomeOf(
  plan: Plan,
  packet: DemoPacket,
  arrived: boolean,
  { before, after }: { readonly before: Counters; readonly after: Counters },
): Outcome {
  const { verdict, rule, matched } = evaluate(plan.ruleset, packet.bytes);
  const counted = after.rules.filter(each => each.packets > (earlier(before, each.index)?.packets ?? 0n));
  const shown = rule ?? matched.at(-1);
  return {
    packet: packet.name,
    evaluator: { verdict, matched: matched.map(({ ref }) => ref) },
    kernel: { verdict: arrived ? 'pass' : 'drop', matched: counted.map(({ ref }) => ref) },
    rule: shown === undefined ? '-' : `${shown.ref}${shown.enabled ? '' : ' (disabled)'}`,
    count: shown === undefined ? '-' : String(earlier(after, shown.index)?.packets),
  };
}

function earlier(counters: Counters, index: number): Counters['rules'][number] | undefined {
  return counters.rules.find(rule => rule.index === index);
}

function report(outcomes: readonly Outcome[]): number {
  const differs = ({ evaluator, kernel }: Outcome) =>
    evaluator.verdict !== kernel.verdict || evaluator.matched.join() !== kernel.matched.join();
  const rows = outcomes.map(outcome => {
    const { packet, rule, evaluator, kernel, count } = outcome;
    return [packet, rule, evaluator.verdict, kernel.verdict, count, differs(outcome) ? 'DIFFERENT' : ''];
  });
  console.log(textTable(['packet', 'deciding rule', 'evaluator', 'kernel', 'counter', ''], rows));
  const different = outcomes.filter(differs);
  for (const { packet, evaluator, kernel } of different) {
    console.log(`${packet}: evaluator ${JSON.stringify(evaluator)}, kernel ${JSON.stringify(kernel)}`);
  }
  console.log(`\n${outcomes.length} packets, ${different.length} differences between evaluator and kernel`);
  return different.length === 0 ? 0 : 1;
}

void main().catch(error => {
  printError({ write: text => process.stderr.write(text) }, false, error);
  process.exitCode = 1;
});
