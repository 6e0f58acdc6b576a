// Tables are exchanged while packets are judged by them. Two policies of the same shape agree on nothing: each packet is
// dropped by a rule of the one and let pass by a rule of the other, whose bits lie in other words of the rows. A test of the
// payload that never holds stands before them: it takes some microseconds, between the summaries and the words. Who reads
// the summaries of the one and the words of the other finds none of these rules, but the last one, which takes everything
// and must never count. (Without the second look at the sequence it does, for one packet in twenty.)

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { buildClassifier } from '../../src/classifier/build';
import type { Classifier } from '../../src/classifier/classifier';
import { writeSlot } from '../../src/classifier/write';
import { and, FALSE, type Formula, type Load, TRUE, test as testOf } from '../../src/ir/formula';
import type { Rule } from '../../src/ir/ruleset';
import { of } from '../../src/net/interval-set';
import { ipPacket, udp } from '../../src/packet/build';
import { compiledExpression } from '../packet/rules';
import { counts, identity, loadClassifier } from './loaded-classifier';

/** As many as a word has entries. */
const PAIRS = 64;
const RUNS = 100_000;
const RULES = 4 * PAIRS;
const PIN = `/sys/fs/bpf/rampart-flip-${process.pid}`;
const SOURCE: Load = { kind: 'bytes', segment: 'network', from: 'start', offset: 12, length: 4 };
const DESTINATION: Load = { ...SOURCE, offset: 16 };

afterAll(() => rmSync(PIN, { force: true }));

test('every packet is judged by the one policy or by the other', async () => {
  const drops = classifierOf(pair => PAIRS + pair);
  const passes = classifierOf(pair => 2 * PAIRS + pair, drops);
  expect(passes.shape).toBe(drops.shape);
  const loaded = await loadClassifier(drops);
  try {
    loaded.program.pin(PIN);
    const frames = Array.from({ length: PAIRS }, (_, pair) => frame(pair));
    const child = fork(join(__dirname, 'run-pinned.js'), [PIN, String(RUNS), ...frames]);
    await once(child, 'message');
    let ended = false;
    const end = once(child, 'message').then(() => {
      ended = true;
    });
    const counters = identity(RULES);
    let sequence = 0;
    while (!ended) {
      for (let i = 0; i < 100; i++) {
        // Each slot has the one policy and the other in turn.
        const next = (++sequence >> 1) % 2 === 0 ? drops : passes;
        writeSlot(next, loaded.slots[sequence & 1] as Uint8Array, counters);
        loaded.setSequence(sequence);
      }
      await setImmediate();
    }
    await end;
    const packets = (await counts(loaded)).slice(0, RULES).map(count => count.packets);
    const sum = (some: readonly number[]) => some.reduce((all, each) => all + each, 0);
    process.stdout.write(`${RUNS} packets while tables were flipped ${sequence} times\n`);
    expect(packets[RULES - 1]).toBe(0);
    // Flipped at each try, a packet is dropped and no rule counts it.
    expect(sum(packets)).toBeLessThanOrEqual(RUNS);
    expect(sum(packets)).toBeGreaterThan(RUNS / 2);
    expect(sum(packets.slice(PAIRS, 2 * PAIRS))).toBeGreaterThan(RUNS / 10);
    expect(sum(packets.slice(2 * PAIRS))).toBeGreaterThan(RUNS / 10);
  } finally {
    loaded.close();
  }
});

/** Rules that never hold but for the slow one, those of the pairs and the last one. */
function classifierOf(placeOf: (pair: number) => number, like?: Classifier): Classifier {
  const formulas = new Array<Formula>(RULES).fill(FALSE);
  formulas[0] = compiledExpression('udp.payload matches r"[b-z][0-9]"').formula.ip;
  formulas[RULES - 1] = TRUE;
  for (let pair = 0; pair < PAIRS; pair++) {
    formulas[placeOf(pair)] = and([
      testOf(SOURCE, of(BigInt(0x0a000000 + pair))),
      testOf(DESTINATION, of(BigInt(0x0a010000 + pair))),
    ]);
  }
  const rules = formulas.map(
    (formula, position): Rule => ({
      index: position + 1,
      ref: String(position + 1),
      action: position < 2 * PAIRS ? 'block' : 'skip',
      enabled: true,
      formula: { ip: formula, ip6: FALSE },
    }),
  );
  const built = buildClassifier(rules, 'ip', undefined, like?.shape);
  if ('refused' in built) throw new Error(built.refused);
  return built;
}

function frame(pair: number): string {
  const packet = ipPacket({ source: `10.0.0.${pair}`, destination: `10.1.0.${pair}` }, udp(1, 2, 'a'.repeat(1400)));
  return `0000000000000000000000000800${Buffer.from(packet).toString('hex')}`;
}
