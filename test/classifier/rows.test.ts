// Rows as summaries and blocks that many rows have: equal blocks are kept once, and changes that divide them find room as
// long as there are equal ones to make one of.

import { buildClassifier } from '../../src/classifier/build';
import { changeClassifier } from '../../src/classifier/change';
import type { Classifier } from '../../src/classifier/classifier';
import { interpret } from '../../src/classifier/interpret';
import { Rows, rowBytes } from '../../src/classifier/rows';
import { invariant } from '../../src/diagnostic/invariant';
import type { Rule } from '../../src/ir/ruleset';
import { ipPacket, udp } from '../../src/packet/build';
import { dissect } from '../../src/packet/packet';
import { DPORT } from '../ir/rewrite/formulas';

test.each([
  ['64 entries', { summaryWords: 1, entryWords: 1, blockWords: 8 }, 16],
  ['1,024 entries', { summaryWords: 1, entryWords: 16, blockWords: 8 }, 16],
  ['8,192 entries: one cache line', { summaryWords: 2, entryWords: 128, blockWords: 8 }, 64],
  ['65,536 entries', { summaryWords: 16, entryWords: 1024, blockWords: 8 }, 384],
])('bytes of a row: %s', (_, shape, bytes) => {
  expect(rowBytes(shape)).toBe(bytes);
});

test('equal blocks are kept once, a short one at the end with zeros behind it', () => {
  // Two rows of a summary word and three words in blocks of two.
  const rows = new Rows({ summaryWords: 1, entryWords: 3, blockWords: 2 }, 2, Uint32Array.of(1, 0, 2, 0, 1, 0));
  expect(rows.classHere()).toBe(0);
  rows.toggle(65);
  rows.toggle(64 + 32);
  rows.toggle(64 + 32);
  expect(rows.classHere()).toBe(1);
  const packed = rows.packed();
  expect([...packed.rows]).toEqual([0b111, 0, 0, 0, 0, 1, 0, 0, 0b101, 0, 0, 0, 1, 1, 0, 0]);
  expect(packed.blockCount).toBe(2);
  expect([...packed.blocks.subarray(0, 8)]).toEqual([1, 0, 2, 0, 1, 0, 0, 0]);
});

test('a row that is found again is the class that it was, though others came between', () => {
  const rows = new Rows({ summaryWords: 1, entryWords: 16, blockWords: 8 }, 100, new Uint32Array(32));
  const classes = [0, 513, 1023, 513, 0, 1023].map(entry => {
    rows.toggle(entry);
    return rows.classHere();
  });
  // {0}, {0, 513}, {0, 513, 1023}, {0, 1023}, {1023}, {}
  expect(classes).toEqual([0, 1, 2, 3, 4, 5]);
  rows.toggle(0);
  rows.toggle(513);
  expect(rows.classHere()).toBe(1);
});

test('no number has the class of absence', () => {
  const rows = new Rows({ summaryWords: 1, entryWords: 1, blockWords: 8 }, 9, new Uint32Array(2));
  expect([rows.classHere(), rows.classHere(), rows.classHere()]).toEqual([0, 1, 1]);
});

test('there is no room for more classes than that', () => {
  const rows = new Rows({ summaryWords: 1, entryWords: 1, blockWords: 8 }, 1, new Uint32Array(2));
  expect(rows.classHere()).toBe(0);
  rows.toggle(5);
  expect(rows.classHere()).toBeUndefined();
  expect(rows.full).toBe('classes');
});

test('more blocks than numbers are none; in longer blocks there are fewer', () => {
  // The low half of each word counts the rows, the high half tells it from the others.
  const first = Uint32Array.from({ length: 16 }, (_, half) => (half % 2) * (half + 1));
  const walk = (blockWords: number) => {
    const rows = new Rows({ summaryWords: 1, entryWords: 8, blockWords }, 100_000, first);
    for (let step = 1; step <= 8_193; step++) {
      for (let bit = 0; bit < 14; bit++) {
        if ((((step ^ (step - 1)) >>> bit) & 1) === 0) continue;
        for (let word = 0; word < 8; word++) rows.toggle(64 * word + bit);
      }
      rows.classHere();
    }
    return rows;
  };
  expect(walk(1).full).toBe('blocks');
  const longer = walk(2);
  expect([longer.full, longer.count]).toEqual([undefined, 8_193]);
  expect(longer.packed().blockCount).toBe(4 * 8_193);
});

const RULES = 2_000;
const PORTS = 250;

test('rules that change to other ports and back do so in place for ever', () => {
  const rules = Array.from({ length: RULES }, (_, position) => ruleOn(position, Math.floor(position / 8)));
  let classifier = built(rules);
  for (let round = 0; round < RULES; round++) {
    const other = (round * 37) % PORTS;
    classifier = changed(classifier, round, ruleOn(round, other));
    expect(interpret(classifier, toPort(PORTS)).rule).toBeUndefined();
    classifier = changed(classifier, round, rules[round] as Rule);
  }
  for (let port = 0; port < PORTS; port++) expect(interpret(classifier, toPort(port)).rule).toBe(8 * port);
});

function ruleOn(position: number, port: number): Rule {
  const formula = DPORT(port);
  return {
    index: position + 1,
    ref: `r${position}`,
    action: 'block',
    enabled: true,
    formula: { ip: formula, ip6: formula },
  };
}

function built(rules: readonly Rule[]): Classifier {
  const classifier = buildClassifier(rules, 'ip');
  invariant(!('refused' in classifier), 'they are within all limits');
  return classifier;
}

function changed(classifier: Classifier, position: number, rule: Rule): Classifier {
  const change = changeClassifier(classifier, position, rule);
  invariant(change !== undefined, `no room for a change of rule ${position}`);
  return change.classifier;
}

function toPort(port: number) {
  const bytes = ipPacket({ source: '192.0.2.1', destination: '192.0.2.2' }, udp(1, port));
  const packet = dissect(bytes);
  invariant(packet !== undefined, 'it is an IPv4 packet');
  return packet;
}
