// Rule after rule of a classifier is replaced in its tables. After each change the tables say what the evaluator says of
// the rules as they are now, the writer's copy of what changed is the whole, and the program in the kernel, flipped from
// slot to slot, says it too.

import fc from 'fast-check';
import { buildClassifier } from '../../src/classifier/build';
import { changeClassifier } from '../../src/classifier/change';
import type { Change, Classifier } from '../../src/classifier/classifier';
import { interpret } from '../../src/classifier/interpret';
import { writeChanges, writeSlot } from '../../src/classifier/write';
import { invariant } from '../../src/diagnostic/invariant';
import { evaluate } from '../../src/ir/evaluate';
import type { Rule } from '../../src/ir/ruleset';
import { dissect, type Packet } from '../../src/packet/packet';
import { seeds } from '../packet/fuzz';
import { packet } from '../packet/generate-packet';
import { LOOPBACK } from '../packet/interfaces';
import { longestTestRun } from '../packet/longest-test-run';
import { rule } from './generate-rule';
import { identity, type LoadedClassifier, loadClassifier, run } from './loaded-classifier';

const ROUNDS = Math.max(4, Number(process.env.FUZZ_RUNS ?? 0) / 500);
const CHANGES = 25;

interface Case {
  readonly rules: readonly Rule[];
  readonly changes: readonly { readonly position: number; readonly rule: Rule }[];
  readonly packets: readonly Uint8Array[];
}

const someCase: fc.Arbitrary<Case> = fc.constantFrom(3, 30, 150).chain(most =>
  fc.record({
    rules: fc.array(rule, { minLength: 2, maxLength: most, size: 'max' }),
    changes: fc.array(fc.record({ position: fc.nat(), rule }), { minLength: CHANGES, maxLength: CHANGES }),
    packets: fc.array(packet, { minLength: 150, maxLength: 150 }),
  }),
);

const counted = { changes: 0, built: 0, fitted: 0, packets: 0 };

test('a changed classifier is that of the changed rules', async () => {
  let round = 0;
  for (const seed of seeds()) {
    if (++round > ROUNDS) break;
    const [sample] = fc.sample(someCase, { seed, numRuns: 1 });
    for (const family of ['ip', 'ip6'] as const) {
      try {
        await judge(sample as Case, family);
      } catch (error) {
        throw new Error(`${family}, again: FUZZ_SEED=${seed}`, { cause: error });
      }
    }
  }
  process.stdout.write(
    `${counted.changes} rules changed in place, ${counted.built} tables built anew, of which ${counted.fitted} fit the ` +
      `shape before; ${counted.packets} packets\n`,
  );
  expect(counted.changes).toBeGreaterThan(CHANGES);
  expect(counted.fitted).toBeGreaterThan(0);
}, 3_600_000);

async function judge({ rules: first, changes, packets: bytes }: Case, family: 'ip' | 'ip6'): Promise<void> {
  const packets = bytes.flatMap(each => runnable(each, family));
  const rules = [...first];
  let classifier = built(buildClassifier(rules, family));
  let loaded = await loadClassifier(classifier);
  let sequence = 0;
  let last: Change | undefined;
  const copy = new Copy(classifier);
  try {
    for (const { position: any, rule: next } of changes) {
      const position = any % rules.length;
      rules[position] = next;
      sequence++;
      const change = changeClassifier(classifier, position, next);
      const slot = loaded.slots[sequence & 1] as Uint8Array;
      if (change === undefined) {
        counted.built++;
        const rebuilt = built(buildClassifier(rules, family, undefined, classifier.shape));
        if (rebuilt.shape === classifier.shape) {
          counted.fitted++;
          writeSlot(rebuilt, slot, identity(rules.length));
        } else {
          loaded.close();
          loaded = await loadClassifier(rebuilt);
          sequence = 0;
        }
        classifier = rebuilt;
        copy.begin(classifier);
      } else {
        counted.changes++;
        classifier = change.classifier;
        copy.change(classifier, change);
        // The other slot is two versions old, or one, or has nothing in it yet.
        if (last === undefined) writeSlot(classifier, slot, identity(rules.length));
        else writeChanges(classifier, slot, identity(rules.length), [last, change]);
      }
      last = change;
      loaded.setSequence(sequence);
      for (const packet of packets) expectSame(classifier, loaded, rules, packet);
    }
  } finally {
    loaded.close();
  }
}

/** A writer's copy of the tables, which is given the changes only. */
class Copy {
  #bytes: Uint8Array = new Uint8Array();

  constructor(classifier: Classifier) {
    this.begin(classifier);
  }

  begin(classifier: Classifier): void {
    this.#bytes = whole(classifier);
  }

  change(classifier: Classifier, change: Change): void {
    writeChanges(classifier, this.#bytes, identity(classifier.tables.rules), [change]);
    expect(Buffer.compare(this.#bytes, whole(classifier))).toBe(0);
  }
}

function whole(classifier: Classifier): Uint8Array {
  const bytes = new Uint8Array(classifier.shape.slotBytes);
  writeSlot(classifier, bytes, identity(classifier.tables.rules));
  return bytes;
}

function built(classifier: ReturnType<typeof buildClassifier>): Classifier {
  invariant(!('refused' in classifier), 'so few rules are no reason to refuse them');
  return classifier;
}

function expectSame(classifier: Classifier, loaded: LoadedClassifier, rules: readonly Rule[], packet: Packet): void {
  counted.packets++;
  const judged = evaluate({ account: '', rules }, packet.bytes, LOOPBACK);
  const met = judged.matched.map(each => rules.indexOf(each));
  const decided = judged.rule === undefined ? undefined : rules.indexOf(judged.rule);
  const wanted = { verdict: judged.verdict, rule: decided, logged: met.filter(position => position !== decided) };
  const numbers = wanted.logged.map(position => classifier.tables.loggingRules.indexOf(position));
  const { dropped, logged } = run(loaded, packet.bytes);
  const said = { tables: interpret(classifier, packet), dropped, logged };
  const expected = { tables: wanted, dropped: wanted.verdict === 'drop', logged: numbers };
  const context = { packet: Buffer.from(packet.bytes).toString('hex'), rules: rules.map(({ ref }) => ref) };
  if (JSON.stringify(said) !== JSON.stringify(expected)) expect({ ...said, context }).toEqual({ ...expected, context });
}

/** BPF_PROG_TEST_RUN takes nothing shorter than the header, and not the longest. */
function runnable(bytes: Uint8Array, family: 'ip' | 'ip6'): Packet[] {
  const packet = dissect(bytes, LOOPBACK);
  if (packet?.family !== family) return [];
  const { length } = packet.bytes;
  return length >= (family === 'ip' ? 20 : 40) && length <= longestTestRun() ? [packet] : [];
}
