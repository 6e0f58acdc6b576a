// Random expressions on random packets, each judged five ways: by the language on field values read by hand, by the
// evaluator with the plain and with the optimised formula, and by both as eBPF programs that the kernel runs.

import fc from 'fast-check';
import { type Program, programFor } from '../../src/backend/ebpf/program';
import { type CompiledExpression, compileExpression } from '../../src/compile';
import { CATALOGUE } from '../../src/diagnostic/catalogue';
import { testRunOnPacket } from '../../src/ebpf/program';
import { holds } from '../../src/ir/evaluate';
import { execute } from '../../src/language/execute/execute';
import type { Value } from '../../src/language/value';
import type { BpfProgram } from '../../src/native';
import { dissect, type Packet } from '../../src/packet/packet';
import { fieldValues } from './field-values';
import { pairsAskedFor, seeds } from './fuzz';
import { expression } from './generate-expression';
import { packet } from './generate-packet';
import { LOOPBACK } from './interfaces';
import { LANGUAGE } from './language';
import { longestTestRun } from './longest-test-run';
import { closeAll, loadRandomTogether } from './program-batch';
import { ADDRESS_LISTS } from './rules';

/** A program costs as much as some thousand runs of it. */
const MOST_PACKETS = 1000;
const EXPRESSIONS_PER_ROUND = 20;
const PAIRS = pairsAskedFor('testRun', 10_000);
const SHRINKING_MS = 120_000;

interface Case {
  readonly text: string;
  readonly packets: readonly Uint8Array[];
}

const someCase: fc.Arbitrary<Case> = fc.record({
  text: expression,
  packets: fc.array(packet, { minLength: 1, maxLength: MOST_PACKETS, size: 'max' }),
});

const counted = { pairs: 0, held: 0, expressions: 0, tooLarge: 0, notRun: 0 };

test('all say the same of random expressions and packets', async () => {
  for (const seed of seeds()) {
    if (counted.pairs >= PAIRS) break;
    const cases = fc.sample(someCase, { seed, numRuns: EXPRESSIONS_PER_ROUND });
    const failed = (await disagreements(cases)).findIndex(found => found !== undefined);
    if (failed >= 0) await failShrunk(seed, failed);
  }
  process.stdout.write(
    `${counted.expressions} random expressions, ${counted.pairs} pairs with packets, of which ${counted.held} hold; ` +
      `${counted.tooLarge} expressions too large for an automaton, ${counted.notRun} packets that no hook sees\n`,
  );
  expect(counted.held).toBeGreaterThan(counted.pairs / 20);
  expect(counted.held).toBeLessThan((counted.pairs / 20) * 19);
}, 3_600_000);

/** fast-check finds the smallest case that still fails, and says seed and path. */
async function failShrunk(seed: number, index: number): Promise<never> {
  const property = fc.asyncProperty(someCase, async each => {
    const [found] = await disagreements([each]);
    if (found !== undefined) throw new Error(`${found}\nagain: FUZZ_SEED=${seed}`);
  });
  await fc.assert(property, { seed, path: String(index), numRuns: 1, interruptAfterTimeLimit: SHRINKING_MS });
  throw new Error(`FUZZ_SEED=${seed}: case ${index} fails among the others, not alone`);
}

interface Judged {
  readonly text: string;
  readonly compiled: CompiledExpression;
  readonly programs: Readonly<Record<'plain' | 'formula', Readonly<Record<'ip' | 'ip6', Program>>>>;
}

/** For each case what was said that differs, or undefined. */
async function disagreements(cases: readonly Case[]): Promise<(string | undefined)[]> {
  const judged = cases.map(({ text }) => compiled(text));
  const programs = judged.flatMap(each => (each === undefined ? [] : programsOf(each)));
  let loaded: ReadonlyMap<string, BpfProgram>;
  try {
    loaded = await loadRandomTogether(programs);
  } catch (error) {
    // One that the kernel refuses takes the others along.
    const [only] = cases.length === 1 ? cases : [];
    if (only !== undefined) return [`${only.text}\n${String(error)}`];
    return (await inTurn(cases, each => disagreements([each]))).flat();
  }
  try {
    return cases.map(({ packets }, index) => {
      const expression = judged[index];
      return expression && firstDisagreement(expression, packets, loaded);
    });
  } finally {
    closeAll(loaded);
  }
}

async function inTurn<T, R>(all: readonly T[], work: (each: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const each of all) results.push(await work(each));
  return results;
}

/** undefined where the automaton would be too large, the one thing that may be refused. */
function compiled(text: string): Judged | undefined {
  const result = compileExpression(text, ADDRESS_LISTS);
  if (!result.ok) {
    const codes = result.diagnostics.map(({ code }) => code);
    if (codes.some(code => code !== CATALOGUE.patternTooLarge.code)) {
      throw new Error(`${text} is refused: ${JSON.stringify(result.diagnostics, null, 2)}`);
    }
    counted.tooLarge++;
    return undefined;
  }
  const both = (stage: 'plain' | 'formula') => ({
    ip: programFor(result.value[stage].ip, 'ip'),
    ip6: programFor(result.value[stage].ip6, 'ip6'),
  });
  return { text, compiled: result.value, programs: { plain: both('plain'), formula: both('formula') } };
}

function programsOf({ programs: { plain, formula } }: Judged): Program[] {
  return [plain.ip, plain.ip6, formula.ip, formula.ip6];
}

function firstDisagreement(
  expression: Judged,
  packets: readonly Uint8Array[],
  loaded: ReadonlyMap<string, BpfProgram>,
): string | undefined {
  counted.expressions++;
  for (const bytes of packets) {
    const packet = dissect(bytes, LOOPBACK);
    const values = fieldValues(bytes, LOOPBACK);
    if ((packet === undefined) !== (values === undefined)) return `only one takes it for a packet: ${hex(bytes)}`;
    if (packet === undefined || values === undefined || !runnable(packet)) {
      counted.notRun++;
      continue;
    }
    const said = judgements(expression, packet, values, loaded);
    counted.pairs++;
    if (said.language) counted.held++;
    if (new Set(Object.values(said)).size > 1) {
      return `${expression.text}\npacket ${hex(bytes)}\n${JSON.stringify(said, null, 2)}`;
    }
  }
  return undefined;
}

function judgements(
  { compiled: { typed, plain, formula }, programs }: Judged,
  packet: Packet,
  fields: ReadonlyMap<string, Value>,
  loaded: ReadonlyMap<string, BpfProgram>,
): Readonly<Record<string, boolean>> {
  const { family, bytes } = packet;
  const run = (program: Program) => {
    const known = loaded.get(program.name);
    if (known === undefined) throw new Error(`${program.name} is not loaded`);
    return testRunOnPacket(known, bytes).retval !== 0;
  };
  return {
    language: execute(typed, { ...LANGUAGE, fields }),
    plain: holds(plain[family], packet),
    optimised: holds(formula[family], packet),
    plainProgram: run(programs.plain[family]),
    optimisedProgram: run(programs.formula[family]),
  };
}

/** The kernel discards what is shorter than its header states, and BPF_PROG_TEST_RUN takes neither that nor the longest. */
function runnable({ family, bytes }: Packet): boolean {
  return bytes.length >= (family === 'ip' ? 20 : 40) && bytes.length <= longestTestRun();
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
