// Every formula of so many conditions under and, or, xor and not, with what it means for each class of packets.
//
// Formulas are values made by the constructors of src/ir/formula.ts, which join nested runs of `and` and of `or` and take
// away double negations; nested runs of `xor` they keep. So each value is made once: an operand of `and` is no `and`, one of
// `or` no `or`, and each formula comes with its negation.

import { and, type Formula, not, or, xor } from '../../../src/ir/formula';

export interface Written {
  readonly formula: Formula;
  /** Bit i: it holds of class i. From the conditions' own bits by the operators' truth tables, nothing of src/ir. */
  readonly truth: number;
  readonly kind: 'condition' | 'negation' | 'and' | 'or' | 'xor';
  /** Its place among those of its size, for an order of operands. */
  readonly rank: number;
}

/**
 * `every`: all orders of operands. `one`: of the orders that differ in nothing else only the ascending, or for every other
 * formula the descending one. Evaluation looks at all operands alike, but rewrites put what they merge in the first's place.
 */
export type Orders = 'every' | 'one';

const JOIN = {
  and: { make: and, truth: (a: number, b: number) => a & b },
  or: { make: or, truth: (a: number, b: number) => a | b },
  xor: { make: xor, truth: (a: number, b: number) => a ^ b },
} as const;

/** All of exactly `size` conditions. `whole` has the bits of all classes. */
export function* formulas(
  conditions: readonly { readonly formula: Formula; readonly truth: number }[],
  size: number,
  orders: Orders,
  whole: number,
): Generator<Written> {
  const smaller: Written[][] = [[]];
  for (let n = 1; n < size; n++) smaller.push([...ofSize(conditions, n, orders, whole, smaller)]);
  yield* ofSize(conditions, size, orders, whole, smaller);
}

function* ofSize(
  conditions: readonly { readonly formula: Formula; readonly truth: number }[],
  size: number,
  orders: Orders,
  whole: number,
  smaller: readonly (readonly Written[])[],
): Generator<Written> {
  let rank = size * 10_000_000;
  if (size === 1) {
    for (const { formula, truth } of conditions) {
      yield { formula, truth, kind: 'condition', rank: rank++ };
      yield { formula: not(formula), truth: ~truth & whole, kind: 'negation', rank: rank++ };
    }
    return;
  }
  for (const kind of ['and', 'or', 'xor'] as const) {
    for (const ascending of operands(kind, size, orders, smaller)) {
      const ordered = orders === 'one' && rank % 4 < 2 ? [...ascending].reverse() : ascending;
      const formula = JOIN[kind].make(ordered.map(each => each.formula));
      const truth = ordered.map(each => each.truth).reduce(JOIN[kind].truth);
      yield { formula, truth, kind, rank: rank++ };
      yield { formula: not(formula), truth: ~truth & whole, kind: 'negation', rank: rank++ };
    }
  }
}

/** Two operands or more of another kind, of so many conditions together. */
function* operands(
  kind: Written['kind'],
  size: number,
  orders: Orders,
  smaller: readonly (readonly Written[])[],
  before: readonly Written[] = [],
): Generator<readonly Written[]> {
  if (size === 0) yield before;
  const most = before.length === 0 ? size - 1 : size;
  const least = before.at(-1)?.rank ?? 0;
  for (let n = 1; n <= most; n++) {
    for (const each of smaller[n] ?? []) {
      if (each.kind === kind && kind !== 'xor') continue;
      if (orders === 'one' && each.rank < least) continue;
      yield* operands(kind, size - n, orders, smaller, [...before, each]);
    }
  }
}
