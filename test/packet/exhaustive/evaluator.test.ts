// Every formula of up to four conditions, as written and optimised, in the evaluator, against the truth tables.

import { holds } from '../../../src/ir/evaluate';
import { optimise } from '../../../src/ir/optimise';
import type { PacketFamily } from '../../../src/packet/packet';
import { oneIn } from '../fuzz';
import { compiledExpression } from '../rules';
import { CLASSES, CONDITIONS, classesOf, type PacketClass, type Says } from './classes';
import type { Orders, Written } from './formulas';
import { bits, describeMismatch, formulasOver } from './truth';

const FAMILIES: readonly PacketFamily[] = ['ip', 'ip6'];

describe('the packets', () => {
  test('say to the conditions what the table says', () => {
    const conditions = CONDITIONS.map(expression => compiledExpression(expression).plain);
    const found = CLASSES.map(({ packet, family }) => conditions.map(condition => holds(condition[family], packet)));
    expect(found).toEqual(CLASSES.map(({ says }) => says.map(each => each === true)));
  });

  test('do not have the fields that the table leaves open', () => {
    const absent = ['false', 'tcp.dstport in {0..65535}', 'tcp.flags in {0..255}', 'len(udp.payload) >= 0'];
    const conditions = absent.map(expression => compiledExpression(expression).plain);
    const found = CLASSES.map(({ packet, family }) => conditions.map(condition => holds(condition[family], packet)));
    expect(found).toEqual(CLASSES.map(({ says: [, ...rest] }) => [false, ...rest.map(each => each !== undefined)]));
  });

  test.each(FAMILIES)('are of every combination that can occur, %s', family => {
    const combinations = new Set(classesOf(family).map(({ says }) => spelled(says)));
    expect([...combinations].sort()).toEqual(POSSIBLE);
  });
});

/** TTL, port, flag, length. A TCP header may be cut between port and flags; the payload's length is another protocol's. */
const POSSIBLE = [
  ...['f---', 'f--f', 'f--t', 'ff--', 'fff-', 'fft-', 'ft--', 'ftf-', 'ftt-'],
  ...['t---', 't--f', 't--t', 'tf--', 'tff-', 'tft-', 'tt--', 'ttf-', 'ttt-'],
];

describe('there are as many formulas as there should be', () => {
  test.each<[Orders, readonly number[]]>([
    // 8 conditions and negations; 3 kinds of 8 * 8, and their negations; of three 512 + 2 * 8 * 320 under `and` and `or`,
    // 512 + 2 * 8 * 384 under `xor`, which is also one of its own operands.
    ['every', [8, 384, 35_840]],
    // 36 pairs of 8; of three 120 + 8 * 180 under `and` and `or`, 120 + 8 * 216 under `xor`; of four
    // 330 + 36 * 180 + 180 * 181 / 2 + 8 * 8,376, and 330 + 36 * 216 + 216 * 217 / 2 + 8 * 9,936.
    ['one', [8, 216, 9_936, 582_492]],
  ])('orders of operands: %s', (orders, expected) => {
    const counts = expected.map((_, index) => count(formulasOver(classesOf('ip'), 'ip', index + 1, orders)));
    expect(counts).toEqual(expected);
  });
});

test('every formula of up to four conditions means what its truth table says', () => {
  // A formula sees of a packet only whether its conditions hold: one class for each answer.
  const classes = differing(classesOf('ip'));
  expect(classes.length).toBe(10);
  const tried = [1, 2, 3, 4].map(size => {
    return check(formulasOver(classes, 'ip', size, 'one'), classes, 1, ({ formula }) => formula);
  });
  report('as written, one order of operands', tried, classes.length);
});

describe('optimised', () => {
  test.each(FAMILIES)('every formula of up to three conditions, in every order of operands, %s', family => {
    const classes = classesOf(family);
    const tried = [1, 2, 3].map(size => {
      const all = formulasOver(classes, family, size, 'every');
      return check(all, classes, 1, ({ formula }) => optimise(formula, family));
    });
    report(`optimised, ${family}, every order of operands`, tried, classes.length);
  });

  test('formulas of four conditions', () => {
    const classes = classesOf('ip');
    const all = formulasOver(classes, 'ip', 4, 'one');
    const tried = check(all, classes, oneIn(16), ({ formula }) => optimise(formula, 'ip'));
    report('optimised, one order of operands', [tried], classes.length);
  }, 3_600_000);
});

/** How many were tried: one in `every`. */
function check(
  all: Iterable<Written>,
  classes: readonly PacketClass[],
  every: number,
  made: (written: Written) => Written['formula'],
): number {
  let [seen, tried] = [0, 0];
  for (const written of all) {
    if (seen++ % every !== 0) continue;
    tried++;
    const formula = made(written);
    const said = bits(classes.map(({ packet }) => holds(formula, packet)));
    if (said !== written.truth) throw new Error(describeMismatch(written.formula, said, written.truth, classes));
  }
  return tried;
}

function report(what: string, tried: readonly number[], classes: number): void {
  const all = tried.reduce((sum, each) => sum + each);
  process.stdout.write(`${what}: ${all} formulas, ${all * classes} pairs with packets\n`);
}

/** The first class of each answer to the conditions. */
function differing(classes: readonly PacketClass[]): PacketClass[] {
  return [...new Map([...classes].reverse().map(each => [each.says.map(said => said === true).join(), each])).values()];
}

function spelled(says: Says): string {
  return says.map(each => (each === undefined ? '-' : each ? 't' : 'f')).join('');
}

function count(all: Iterable<unknown>): number {
  let counted = 0;
  for (const _ of all) counted++;
  return counted;
}
