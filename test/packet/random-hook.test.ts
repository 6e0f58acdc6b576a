// Random expressions on random packets at the real hook: many expressions at once as the logging rules of one policy, and
// the packets sent through a namespace where it is in force. What each rule counted is held against the evaluator.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Choice } from '../../src/backend/nft/rule';
import { compileExpression } from '../../src/compile';
import { evaluate } from '../../src/ir/evaluate';
import type { Plan } from '../../src/plan';
import { replay } from '../../src/replay/replay';
import { TEST_CACHE } from '../kernel/object-cache';
import { rawFrame } from './frames';
import { pairsAskedFor, seeds } from './fuzz';
import { expression } from './generate-expression';
import { packet } from './generate-packet';
import { RECEIVING } from './interfaces';
import { ADDRESS_LISTS, planOf } from './rules';

const PAIRS = pairsAskedFor('hook', 1_000);
const MOST_EXPRESSIONS = 40;
const MOST_PACKETS = 300;
/** clang compiles each program alone here, as for real: `ebpf` gets a part of the expressions. */
const EXPRESSIONS_IN_EBPF = 4;
const SHRINKING_MS = 300_000;

interface Case {
  readonly texts: readonly string[];
  readonly packets: readonly Uint8Array[];
}

const someCase: fc.Arbitrary<Case> = fc.record({
  texts: fc.array(expression, { minLength: 1, maxLength: MOST_EXPRESSIONS, size: 'max' }),
  packets: fc.array(packet, { minLength: 1, maxLength: MOST_PACKETS, size: 'max' }),
});

/** Pairs of an expression and a packet that came to the hook. */
const counted = { auto: 0, nft: 0, ebpf: 0, held: 0, unseen: 0 };
const cache = { ...TEST_CACHE, directory: mkdtempSync(join(tmpdir(), 'rampart-random-')) };

afterAll(() => rmSync(cache.directory, { recursive: true }));

test('the hook says what the evaluator says of random expressions and packets', async () => {
  for (const seed of seeds()) {
    if (counted.auto >= PAIRS) break;
    await fc.assert(
      fc.asyncProperty(someCase, async each => {
        const found = await firstDisagreement(each);
        if (found !== undefined) throw new Error(`${found}\nagain: FUZZ_SEED=${seed}`);
      }),
      { seed, numRuns: 1, interruptAfterTimeLimit: SHRINKING_MS },
    );
  }
  process.stdout.write(
    `pairs of random expressions and packets at the hook: ${counted.auto}, besides ${counted.nft} in nftables alone and ` +
      `${counted.ebpf} in eBPF alone; ${counted.held} of all hold; ${counted.unseen} packets were not seen by it\n`,
  );
  expect(counted.held).toBeGreaterThan((counted.auto + counted.nft + counted.ebpf) / 20);
  expect(counted.nft).toBeGreaterThan(0);
  expect(counted.ebpf).toBeGreaterThan(0);
}, 3_600_000);

async function firstDisagreement({ texts, packets }: Case): Promise<string | undefined> {
  const accepted = texts.filter(text => compileExpression(text, ADDRESS_LISTS).ok);
  const inNftables = accepted.filter(text => planOf(logging([text])).programs.size === 0);
  const some = accepted.slice(0, EXPRESSIONS_IN_EBPF);
  return (
    (await disagreementIn('auto', accepted, packets)) ??
    (await disagreementIn('nft', inNftables, packets)) ??
    (await disagreementIn('ebpf', some, packets))
  );
}

async function disagreementIn(
  choice: Choice,
  texts: readonly string[],
  packets: readonly Uint8Array[],
): Promise<string | undefined> {
  if (texts.length === 0) return undefined;
  const plan = planOf(logging(texts), { choice });
  let found: string | undefined;
  await replay(
    plan,
    packets.map((bytes, number) => rawFrame(number, bytes)),
    cache,
    ({ bytes }, fate) => {
      if (fate.kind === 'unseen') {
        counted.unseen++;
        return;
      }
      counted[choice] += texts.length;
      found ??= difference(plan, texts, bytes, new Set(fate.matched.map(({ index }) => index)));
    },
  );
  return found && `${choice}: ${found}`;
}

function difference(
  plan: Plan,
  texts: readonly string[],
  bytes: Uint8Array,
  kernel: ReadonlySet<number>,
): string | undefined {
  const evaluator = new Set(evaluate(plan.ruleset, bytes, RECEIVING).matched.map(({ index }) => index));
  counted.held += kernel.size;
  const rule = plan.ruleset.rules.find(({ index }) => kernel.has(index) !== evaluator.has(index));
  if (rule === undefined) return undefined;
  const said = `${kernel.has(rule.index) ? 'holds' : 'does not hold'} at the hook, the evaluator differs`;
  return `${texts[rule.index - 1]} ${said}\npacket ${Buffer.from(bytes).toString('hex')}`;
}

function logging(texts: readonly string[]) {
  return texts.map(expression => ({ expression, action: 'log' }) as const);
}
