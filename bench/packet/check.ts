// Holds a policy in force against the evaluator: packets through the hook, and then every rule's counter and the count
// of those that passed must be what the evaluator says. Each packet is sent some random number of times, so that two
// packets that change places do not cancel out; and in several passes, each with numbers of its own.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ruleset } from '../../src/ir/ruleset';
import { readCounters } from '../../src/reconcile/counters';
import { passedPackets } from '../namespace';
import { runBuilt } from '../process';
import { seededRandom } from '../random';
import type { Check } from '../row';
import { type Candidates, decidingRules, NO_RULE } from './deciding-rule';
import { type PacketTable, packetAt, packetCount } from './ipv4-packet';

export interface Checked extends Check {
  /** Some of the packets that differ, in hexadecimal. */
  readonly examples: readonly string[];
}

export interface CheckOf {
  readonly namespace: string;
  readonly ruleset: Ruleset;
  readonly packets: PacketTable;
  readonly candidates: Candidates;
  readonly directory: string;
}

const PASSES = 3;
const MOST_TIMES = 8;
const MOST_EXAMPLES = 3;

export async function check(of: CheckOf): Promise<Checked> {
  const decided = decidingRules(of.ruleset, of.packets, of.candidates);
  const count = packetCount(of.packets);
  const random = seededRandom(count);
  let differences = await differencesOf(of, decided, new Uint8Array(count).fill(1));
  for (let pass = 0; pass < PASSES; pass++) {
    const times = Uint8Array.from({ length: count }, () => random.between(1, MOST_TIMES));
    const weighted = await differencesOf(of, decided, times);
    if (differences === 0 && weighted > 0) differences = 1;
  }
  const examples = differences === 0 ? [] : await findExamples(of, decided);
  return { packets: count, differences, examples };
}

/** Packets at the least that another rule or none has counted, or that met another verdict, each weighing its times. */
async function differencesOf(of: CheckOf, decided: Int32Array, times: Uint8Array): Promise<number> {
  const before = await stateOf(of);
  await send(of, times);
  const after = await stateOf(of);
  const missing = new Map(after.counts.map((count, rule) => [rule, (before.counts[rule] as number) - count]));
  let passed = before.passed - after.passed;
  decided.forEach((rule, packet) => {
    const weight = times[packet] as number;
    if (rule === NO_RULE || of.ruleset.rules[rule]?.action === 'skip') passed += weight;
    if (rule !== NO_RULE) missing.set(rule, (missing.get(rule) ?? 0) + weight);
  });
  const positive = [...missing.values()].reduce((sum, each) => sum + Math.max(0, each), 0);
  const negative = [...missing.values()].reduce((sum, each) => sum + Math.max(0, -each), 0);
  return Math.max(positive, negative, Math.abs(passed));
}

interface State {
  /** By position in the ruleset. */
  readonly counts: readonly number[];
  readonly passed: number;
}

async function stateOf({ namespace, ruleset }: CheckOf): Promise<State> {
  const counted = new Map((await readCounters({ namespace })).rules.map(rule => [rule.ref, Number(rule.packets)]));
  return { counts: ruleset.rules.map(({ ref }) => counted.get(ref) ?? 0), passed: await passedPackets(namespace) };
}

async function send({ namespace, packets, directory }: CheckOf, times: Uint8Array): Promise<void> {
  const file = join(directory, 'check');
  const repeated: Uint8Array[] = [];
  times.forEach((weight, packet) => {
    for (let time = 0; time < weight; time++) repeated.push(packetAt(packets, packet));
  });
  if (repeated.length === 0) return;
  writeFileSync(file, Buffer.concat(repeated));
  await runBuilt('send', file, String(packets.length), namespace);
}

/** By halves. */
async function findExamples(of: CheckOf, decided: Int32Array): Promise<string[]> {
  const examples: string[] = [];
  const search = async (from: number, to: number): Promise<void> => {
    if (examples.length >= MOST_EXAMPLES) return;
    const times = new Uint8Array(decided.length).fill(0).fill(1, from, to);
    if ((await differencesOf(of, decided, times)) === 0) return;
    if (to - from === 1) {
      const bytes = Buffer.from(packetAt(of.packets, from)).toString('hex');
      examples.push(`${bytes} should be decided by ${refOf(of, decided[from] as number)}`);
      return;
    }
    const middle = (from + to) >> 1;
    await search(from, middle);
    await search(middle, to);
  };
  await search(0, decided.length);
  return examples;
}

function refOf({ ruleset }: CheckOf, rule: number): string {
  return rule === NO_RULE ? 'no rule' : `rule ${ruleset.rules[rule]?.ref}`;
}
