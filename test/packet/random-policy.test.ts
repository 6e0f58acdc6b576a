// Random policies at the real hook, in stages of every kind: verdict, rules that matched, and the packets and bytes that
// each rule has counted are held against the evaluator.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { compileExpression } from '../../src/compile';
import { evaluate } from '../../src/ir/evaluate';
import { bounds, dissect } from '../../src/packet/packet';
import type { Plan } from '../../src/plan';
import type { RuleCount } from '../../src/reconcile/counters';
import { replay } from '../../src/replay/replay';
import type { Stage, StageChoice } from '../../src/stage/stage';
import { TEST_CACHE } from '../kernel/object-cache';
import { rawFrame } from './frames';
import { pairsAskedFor, seeds } from './fuzz';
import { packet } from './generate-packet';
import { policy } from './generate-policy';
import { RECEIVING } from './interfaces';
import { ADDRESS_LISTS, planOf, type WrittenRule } from './rules';

const CHOICES: readonly StageChoice[] = ['linear', 'verdict_map', 'classifier', 'auto'];
/** Pairs of a rule and a packet, in stages of one kind. */
const PAIRS = pairsAskedFor('hook', 4_000) * 10;
const MOST_PACKETS = 120;
const SHRINKING_MS = 600_000;

const counted = { policies: 0, pairs: 0, drops: 0, logged: 0, stages: { linear: 0, verdict_map: 0, classifier: 0 } };
const cache = { ...TEST_CACHE, directory: mkdtempSync(join(tmpdir(), 'rampart-random-policy-')) };

afterAll(() => rmSync(cache.directory, { recursive: true }));

test('policies in stages of every kind do what the evaluator says, and count it', async () => {
  for (const seed of seeds()) {
    if (counted.pairs >= PAIRS && hasSeenAll()) break;
    await fc.assert(
      fc.asyncProperty(
        policy,
        fc.array(packet, { minLength: 1, maxLength: MOST_PACKETS, size: 'max' }),
        async (rules, packets) => {
          const accepted = rules.filter(({ expression }) => compileExpression(expression, ADDRESS_LISTS).ok);
          if (accepted.length === 0) return;
          for (const stages of CHOICES) {
            const found = await disagreement(accepted, packets, stages);
            if (found !== undefined) throw new Error(`${found}\nagain: FUZZ_SEED=${seed}`);
          }
          counted.policies++;
        },
      ),
      { seed, numRuns: 1, interruptAfterTimeLimit: SHRINKING_MS },
    );
  }
  const { policies, pairs, drops, logged, stages } = counted;
  process.stdout.write(
    `${policies} random policies, ${pairs} pairs of a rule and a packet; ${drops} packets dropped, ${logged} rules that only log ` +
      `matched; stages: ${stages.linear} linear, ${stages.verdict_map} verdict maps, ${stages.classifier} classifiers\n`,
  );
}, 3_600_000);

/** Few policies may happen to match little. */
function hasSeenAll(): boolean {
  const { drops, logged, stages } = counted;
  return [drops, logged, stages.linear, stages.verdict_map, stages.classifier].every(count => count > 0);
}

async function disagreement(
  rules: readonly WrittenRule[],
  packets: readonly Uint8Array[],
  stages: StageChoice,
): Promise<string | undefined> {
  const plan = planOf(rules, { stages });
  for (const { kind } of kindsOf(plan)) counted.stages[kind]++;
  let found: string | undefined;
  const frames = packets.map((bytes, number) => rawFrame(number, bytes));
  await replay(plan, frames, cache, ({ bytes }, fate) => {
    if (fate.kind === 'unseen' || found !== undefined) return;
    counted.pairs += rules.length;
    const { verdict, matched } = evaluate(plan.ruleset, bytes, RECEIVING);
    if (verdict === 'drop') counted.drops++;
    counted.logged += matched.filter(({ action, enabled }) => action === 'log' || !enabled).length;
    const once = { packets: 1n, bytes: lengthOf(bytes) };
    const expected = told(
      verdict,
      matched.map(({ index }) => ({ index, ...once })),
    );
    const kernel = told(fate.verdict, fate.matched);
    if (expected !== kernel) found = report(plan, bytes, expected, kernel);
  });
  return found && `stages ${stages}: ${found}`;
}

function kindsOf({ stages }: Plan): readonly Stage[] {
  return [...stages.ip, ...stages.ip6];
}

/** As nf_tables counts: from the network header to the end that the header tells. */
function lengthOf(bytes: Uint8Array): bigint {
  const packet = dissect(bytes);
  const network = packet && bounds(packet, 'network');
  return BigInt(network === undefined ? 0 : network.end - network.start);
}

function told(verdict: string, matched: readonly Pick<RuleCount, 'index' | 'packets' | 'bytes'>[]): string {
  return [verdict, ...matched.map(each => `  rule ${each.index}: ${each.packets} packets ${each.bytes} bytes`)].join(
    '\n',
  );
}

function report({ ruleset: { rules } }: Plan, bytes: Uint8Array, expected: string, kernel: string): string {
  const hex = Buffer.from(bytes).toString('hex');
  return `of ${rules.length} rules, packet ${hex}\nevaluator: ${expected}\nkernel: ${kernel}`;
}
