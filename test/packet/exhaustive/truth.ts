// Conditions and classes as bits: bit i of a truth stands for the i-th class.

import type { Formula } from '../../../src/ir/formula';
import type { PacketFamily } from '../../../src/packet/packet';
import { compiledExpression } from '../rules';
import { CONDITIONS, type PacketClass } from './classes';
import { formulas, type Orders, type Written } from './formulas';

/** All formulas of exactly `size` conditions, for packets of these classes, which are of one family. */
export function formulasOver(
  classes: readonly PacketClass[],
  family: PacketFamily,
  size: number,
  orders: Orders,
): Generator<Written> {
  const conditions = CONDITIONS.map((expression, index) => ({
    formula: compiledExpression(expression).plain[family],
    truth: bits(classes.map(({ says }) => says[index] === true)),
  }));
  return formulas(conditions, size, orders, bits(classes.map(() => true)));
}

export function bits(values: readonly boolean[]): number {
  return values.reduce((all, value, index) => all | (value ? 1 << index : 0), 0);
}

/** For the message of a failure. */
export function describeMismatch(
  formula: Formula,
  said: number,
  truth: number,
  classes: readonly PacketClass[],
): string {
  const wrong = classes.filter((_, index) => ((said ^ truth) >> index) & 1).map(({ name }) => name);
  return `${JSON.stringify(formula, (_, value) => (typeof value === 'bigint' ? Number(value) : value))} is wrong of ${wrong.join('; ')}`;
}
