// Policies of random rules as classifiers: what the tables say and what the program says in the kernel, packet by packet,
// is what the evaluator says: verdict, deciding rule, logging rules met before, and every counter in the end.

import fc from 'fast-check';
import { buildClassifier } from '../../src/classifier/build';
import { type Classifier, DEFAULT_LIMITS } from '../../src/classifier/classifier';
import { interpret } from '../../src/classifier/interpret';
import { compileExpression } from '../../src/compile';
import { evaluate } from '../../src/ir/evaluate';
import type { Rule } from '../../src/ir/ruleset';
import { dissect, type Packet, type PacketFamily } from '../../src/packet/packet';
import { pairsAskedFor, seeds } from '../packet/fuzz';
import { expression } from '../packet/generate-expression';
import { packet } from '../packet/generate-packet';
import { LOOPBACK } from '../packet/interfaces';
import { longestTestRun } from '../packet/longest-test-run';
import { ADDRESS_LISTS } from '../packet/rules';
import { counts, loadClassifier, run } from './loaded-classifier';

const FAMILIES: readonly PacketFamily[] = ['ip', 'ip6'];
const MOST_RULES = 500;
const PACKETS = 600;
/** Pairs of a rule and a packet. */
const PAIRS = pairsAskedFor('testRun', 200_000);

interface Case {
  readonly rules: readonly (Pick<Rule, 'action' | 'enabled'> & { readonly text: string })[];
  readonly packets: readonly Uint8Array[];
}

const rule = fc.record({
  text: expression,
  action: fc.constantFrom('block' as const, 'block' as const, 'skip' as const, 'log' as const),
  enabled: fc.nat(9).map(number => number > 0),
});

const someCase: fc.Arbitrary<Case> = fc.constantFrom(1, 2, 5, 20, 70, 200, MOST_RULES).chain(most =>
  fc.record({
    rules: fc.array(rule, { minLength: 1, maxLength: most, size: 'max' }),
    packets: fc.array(packet, { minLength: PACKETS, maxLength: PACKETS }),
  }),
);

const counted = { policies: 0, pairs: 0, decided: 0, logged: 0, packets: 0, tests: 0, refused: 0 };

test('tables and program say what the evaluator says', async () => {
  for (const seed of seeds()) {
    if (counted.pairs >= PAIRS && (isTelling() || counted.pairs >= 10 * PAIRS)) break;
    const [sample] = fc.sample(someCase, { seed, numRuns: 1 });
    const found = await firstDisagreement(sample as Case);
    if (found !== undefined) throw new Error(`${found}\nagain: FUZZ_SEED=${seed}`);
  }
  process.stdout.write(
    `${counted.policies} classifiers with ${counted.tests} opaque tests, ${counted.refused} refused; ` +
      `${counted.packets} packets, ${counted.decided} decided, ${counted.logged} logged\n`,
  );
  expect(isTelling()).toBe(true);
}, 3_600_000);

/** Rules that meet no packet would agree too. A few policies may happen to be so: then more are made. */
function isTelling(): boolean {
  return counted.decided > counted.packets / 20 && counted.logged > counted.packets / 100;
}

async function firstDisagreement({ rules: written, packets }: Case): Promise<string | undefined> {
  const rules = written.flatMap(({ text, action, enabled }, position): Rule[] => {
    const compiled = compileExpression(text, ADDRESS_LISTS);
    const ref = `${text} ${action}${enabled ? '' : ' disabled'}`;
    return compiled.ok ? [{ index: position + 1, ref, action, enabled, formula: compiled.value.formula }] : [];
  });
  counted.pairs += rules.length * packets.length;
  for (const family of FAMILIES) {
    const built = buildClassifier(rules, family, { ...DEFAULT_LIMITS, tests: 1000 });
    if ('refused' in built) {
      counted.refused++;
      continue;
    }
    const found = await disagreementOf(
      built,
      rules,
      packets.flatMap(bytes => runnable(bytes, family)),
    );
    if (found !== undefined) return `${family}: ${found}`;
  }
  return undefined;
}

/** BPF_PROG_TEST_RUN takes nothing shorter than the header, and not the longest. */
function runnable(bytes: Uint8Array, family: PacketFamily): Packet[] {
  const packet = dissect(bytes, LOOPBACK);
  if (packet?.family !== family) return [];
  const { length } = packet.bytes;
  return length >= (family === 'ip' ? 20 : 40) && length <= longestTestRun() ? [packet] : [];
}

async function disagreementOf(
  classifier: Classifier,
  rules: readonly Rule[],
  packets: readonly Packet[],
): Promise<string | undefined> {
  counted.policies++;
  counted.tests += classifier.shape.tests.length;
  const expected = rules.map(() => ({ packets: 0, bytes: 0 }));
  const loaded = await loadClassifier(classifier);
  try {
    for (const packet of packets) {
      const { verdict, rule, matched } = evaluate({ account: '', rules }, packet.bytes, LOOPBACK);
      const met = matched.map(each => rules.indexOf(each));
      for (const position of met) count(expected, position, packet.bytes.length);
      const decided = rule === undefined ? undefined : rules.indexOf(rule);
      const logged = met.filter(position => position !== decided);
      const wanted = { verdict, rule: decided, logged };
      const tables = interpret(classifier, packet);
      const numbers = logged.map(position => classifier.tables.loggingRules.indexOf(position));
      const answer = run(loaded, packet.bytes);
      counted.packets++;
      counted.decided += decided === undefined ? 0 : 1;
      counted.logged += logged.length > 0 ? 1 : 0;
      const said = JSON.stringify({ evaluator: wanted, tables, answer, numbers });
      const same =
        JSON.stringify(tables) === JSON.stringify(wanted) &&
        answer.dropped === (verdict === 'drop') &&
        answer.logged.join() === numbers.join();
      if (!same)
        return `${said}\npacket ${Buffer.from(packet.bytes).toString('hex')}\n${rules.map(r => r.ref).join('\n')}`;
    }
    const found = await counts(loaded);
    const wrong = expected.findIndex((each, position) => JSON.stringify(each) !== JSON.stringify(found[position]));
    return wrong < 0 ? undefined : `counter ${wrong}: ${JSON.stringify([expected[wrong], found[wrong]])}`;
  } finally {
    loaded.close();
  }
}

function count(counts: { packets: number; bytes: number }[], position: number, bytes: number): void {
  const own = counts[position] as { packets: number; bytes: number };
  own.packets++;
  own.bytes += bytes;
}
