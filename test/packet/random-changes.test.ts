// Random changes of random policies, kept in force by one process: rules replaced, put in, taken out and moved, several at a
// time, and tried in other stages; packets after each change. What passes and what each rule has counted since it came is
// held against the evaluator.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { compileExpression } from '../../src/compile';
import { evaluate } from '../../src/ir/evaluate';
import { encodeBatch } from '../../src/netlink/nftables/batch';
import { decodeRule, dumpRules } from '../../src/netlink/nftables/rule';
import { ipPacket } from '../../src/packet/build';
import type { Plan } from '../../src/plan';
import { readCounters } from '../../src/reconcile/counters';
import { destroy } from '../../src/reconcile/destroy';
import { type Enforced, type Enforcement, enforce } from '../../src/reconcile/enforcement';
import { gaugeOperations, readGauge } from '../../src/replay/gauge';
import { replay } from '../../src/replay/replay';
import { type ScratchNetwork, withScratchNetwork } from '../../src/replay/scratch-network';
import type { StageChoice } from '../../src/stage/stage';
import { TEST_CACHE } from '../kernel/object-cache';
import { rawFrame } from './frames';
import { pairsAskedFor, seeds } from './fuzz';
import { packet } from './generate-packet';
import { policy } from './generate-policy';
import { RECEIVING } from './interfaces';
import { ADDRESS_LISTS, planOf, type WrittenRule } from './rules';

const PAIRS = pairsAskedFor('hook', 1_000) * 10;
const MOST_PACKETS = 40;
const MOST_CHANGES = 16;
const NAME = `rampart-random-changes-${process.pid}`;
const SOURCE = Buffer.from('020000000001', 'hex');
const FENCE = Buffer.from('020000000002', 'hex');

/** At a place of the policy, counted modulo the number of its rules. */
type Change =
  | { readonly kind: 'replace' | 'insert'; readonly at: number; readonly by: number }
  | { readonly kind: 'remove'; readonly at: number }
  | { readonly kind: 'move'; readonly at: number; readonly by: number }
  | { readonly kind: 'stages'; readonly stages: StageChoice }
  /** The next ones as one. */
  | { readonly kind: 'together'; readonly changes: readonly Change[] };

const single: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('replace'), at: fc.nat(), by: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('insert'), at: fc.nat(), by: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove'), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('move'), at: fc.nat(), by: fc.nat() }) },
);
const stages = fc.constantFrom<StageChoice>('classifier', 'classifier', 'auto', 'verdict_map', 'linear');
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 8, arbitrary: single },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stages'), stages }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('together'), changes: fc.array(single, { minLength: 2, maxLength: 5 }) }),
  },
);

const counted = { policies: 0, changes: 0, pairs: 0, incremental: 0, matched: 0 };
const cache = { ...TEST_CACHE, directory: mkdtempSync(join(tmpdir(), 'rampart-random-changes-')) };

afterAll(() => rmSync(cache.directory, { recursive: true }));

test('changed policies do what the evaluator says, and rules that stay go on counting', async () => {
  for (const seed of seeds()) {
    if (counted.pairs >= PAIRS && (isTelling() || counted.pairs >= 20 * PAIRS)) break;
    await fc.assert(
      fc.asyncProperty(
        policy,
        policy,
        fc.array(change, { minLength: 1, maxLength: MOST_CHANGES, size: 'max' }),
        fc.array(packet, { minLength: 1, maxLength: MOST_PACKETS, size: 'max' }),
        async (rules, others, changes, packets) => {
          const [first, pool] = [rules, others].map(each => each.filter(isAccepted));
          if (first === undefined || pool === undefined || first.length === 0 || pool.length === 0) return;
          const found = await disagreement(first, pool, changes, await packetsSeen(packets));
          if (found !== undefined) throw new Error(`${found}\nagain: FUZZ_SEED=${seed}`);
          counted.policies++;
        },
      ),
      { seed, numRuns: 1, interruptAfterTimeLimit: 600_000 },
    );
  }
  const { policies, changes, pairs, incremental, matched } = counted;
  process.stdout.write(
    `${policies} policies, ${changes} changes of which ${incremental} in place, ${pairs} pairs of a rule and a packet, ` +
      `${matched} rules matched\n`,
  );
  expect(isTelling()).toBe(true);
}, 3_600_000);

/** One large policy with few changes may happen to be changed in one way alone: then more are made. */
function isTelling(): boolean {
  const { changes, incremental, matched } = counted;
  return incremental > 0 && incremental < changes && matched > 0;
}

function isAccepted({ expression }: WrittenRule): boolean {
  return compileExpression(expression, ADDRESS_LISTS).ok;
}

/** Those that the kernel does not discard before the hook. */
async function packetsSeen(packets: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const seen: Uint8Array[] = [];
  const frames = packets.map((bytes, number) => rawFrame(number, bytes));
  await replay(planOf([]), frames, cache, ({ bytes }, { kind }) => {
    if (kind === 'judged') seen.push(bytes);
  });
  return seen;
}

async function disagreement(
  first: readonly WrittenRule[],
  pool: readonly WrittenRule[],
  changes: readonly Change[],
  packets: readonly Uint8Array[],
): Promise<string | undefined> {
  let found: string | undefined;
  await withScratchNetwork(NAME, async network => {
    await network.netfilter.commit(encodeBatch(gaugeOperations(SOURCE, FENCE)));
    const enforcement = enforce({ namespace: NAME }, cache);
    try {
      const state: State = { rules: named(first), stages: 'classifier', expected: new Map<string, bigint>() };
      await enforcement.apply(planned(state, enforcement));
      found = await judged(network, enforcement.plan as Plan, packets, state.expected);
      for (const each of changes) {
        if (found !== undefined) return;
        const { way } = await made(each, pool, enforcement, state);
        counted.changes++;
        if (way === 'incremental') counted.incremental++;
        found = await judged(network, enforcement.plan as Plan, packets, state.expected);
        if (found !== undefined) found = `after ${JSON.stringify(each)}, ${way}: ${found}`;
      }
    } finally {
      enforcement.close();
      await destroy({ namespace: NAME });
    }
  });
  return found;
}

interface State {
  rules: readonly WrittenRule[];
  stages: StageChoice;
  /** By ref, what the rule must have counted. */
  readonly expected: Map<string, bigint>;
}

let names = 0;

function named(rules: readonly WrittenRule[]): WrittenRule[] {
  return rules.map(rule => ({ ...rule, ref: `r${names++}` }));
}

/** One rule replaced by itself; everything else as another policy. */
async function made(each: Change, pool: readonly WrittenRule[], by: Enforcement, state: State): Promise<Enforced> {
  const before = new Map(state.rules.map(rule => [rule.ref, written(rule)]));
  write(each, pool, state);
  // What counts is what a rule was before all that changes together, and what it is behind it.
  for (const rule of state.rules) if (before.get(rule.ref) !== written(rule)) state.expected.delete(rule.ref as string);
  if (each.kind !== 'replace') return by.apply(planned(state, by));
  const place = each.at % state.rules.length;
  const compiled = planned(state, by).ruleset.rules[place];
  if (compiled === undefined) throw new Error('the policy has the rule');
  return by.replaceRule(place, compiled);
}

function write(each: Change, pool: readonly WrittenRule[], state: State): void {
  if (each.kind === 'stages') {
    state.stages = each.stages;
    return;
  }
  if (each.kind === 'together') {
    for (const change of each.changes) write(change, pool, state);
    return;
  }
  const { rules } = state;
  const place = each.at % rules.length;
  const rule = rules[place] as WrittenRule;
  if (each.kind === 'remove') {
    state.rules = rules.length === 1 ? rules : rules.toSpliced(place, 1);
  } else if (each.kind === 'move') {
    state.rules = rules.toSpliced(place, 1).toSpliced(each.by % rules.length, 0, rule);
  } else {
    const other = pool[each.by % pool.length] as WrittenRule;
    if (each.kind === 'insert') state.rules = rules.toSpliced(place, 0, ...named([other]));
    else state.rules = rules.with(place, { ...other, ref: rule.ref as string });
  }
}

function written({ expression, action, enabled = true }: WrittenRule): string {
  return JSON.stringify([expression, action, enabled]);
}

function planned({ rules, stages }: State, { plan }: Enforcement): Plan {
  return planOf(rules, { stages, ...(plan !== undefined && { keys: plan.keys }) });
}

async function judged(
  network: ScratchNetwork,
  plan: Plan,
  packets: readonly Uint8Array[],
  expected: Map<string, bigint>,
): Promise<string | undefined> {
  const before = await gauge(network);
  let passing = 0n;
  for (const bytes of packets) {
    const { verdict, matched } = evaluate(plan.ruleset, bytes, RECEIVING);
    if (verdict === 'pass') passing++;
    for (const { ref } of matched) expected.set(ref, (expected.get(ref) ?? 0n) + 1n);
    counted.matched += matched.length;
    counted.pairs += plan.ruleset.rules.length;
    await send(network, bytes, SOURCE);
  }
  const { passed } = await settled(network);
  const { rules } = await readCounters({ namespace: NAME });
  const wrong = rules.filter(({ ref, packets }) => packets !== (expected.get(ref) ?? 0n));
  if (passed - before.passed === passing && wrong.length === 0) return undefined;
  const told = wrong.map(({ ref, packets, families }) => {
    const rule = plan.ruleset.rules.find(each => each.ref === ref);
    return `${ref} ${rule?.action} ${rule?.enabled} ${families.join()} counted ${packets}, not ${expected.get(ref) ?? 0n}`;
  });
  return `${passed - before.passed} passed, not ${passing}; ${told.join('; ')}`;
}

async function gauge({ netfilter }: ScratchNetwork) {
  return readGauge((await netfilter.dump(dumpRules('unspec'))).map(decodeRule));
}

/** A fence that has been counted proves the packets before it to be judged. */
async function settled(network: ScratchNetwork) {
  const { fences } = await gauge(network);
  const fence = ipPacket({ source: '192.0.2.1', destination: '192.0.2.2' }, { protocol: 253, bytes: Buffer.alloc(8) });
  await send(network, fence, FENCE);
  let reading = await gauge(network);
  while (reading.fences === fences) reading = await gauge(network);
  return reading;
}

async function send({ wire, receiver }: ScratchNetwork, packet: Uint8Array, source: Uint8Array): Promise<void> {
  const type = Buffer.from(packet[0] !== undefined && packet[0] >> 4 === 6 ? '86dd' : '0800', 'hex');
  await wire.send(Buffer.concat([receiver, source, type, packet]));
}
