// Rules as entries in order: what each does when it is met, and for each dimension which numbers it asks for. A rule that
// matches nothing has an entry as well, which nothing meets, so that a later change finds room for it.

import { type Formula, TRUE } from '../ir/formula';
import { printFormula } from '../ir/print';
import type { Rule } from '../ir/ruleset';
import type { PacketFamily } from '../packet/packet';
import { OUTCOME, type Refused } from './classifier';
import { type Literal, opaqueTest, type Product, productsOf, type Space } from './product';

export interface Entries {
  readonly rule: number[];
  readonly outcome: number[];
  /** Number + 1; 0 for none. */
  readonly test: number[];
  readonly logging: number[];
  readonly loggingRules: number[];
  readonly tests: readonly Formula[];
  /** By dimension; an entry that is not in it takes any number and absence. */
  readonly columns: readonly Column[];
}

/** The literals of one dimension; entries ascend. */
export interface Column {
  readonly entries: number[];
  readonly literals: Pick<Literal, 'values' | 'absent'>[];
}

export interface Room {
  readonly entries: number;
  readonly tests: number;
}

export const NEVER: Product = { literals: [{ dimension: 0, values: [], absent: false }], opaque: [] };

/** `tests` are known already, and keep their numbers. */
export function collectEntries(
  rules: readonly Rule[],
  family: PacketFamily,
  space: Space,
  room: Room,
  tests: readonly Formula[],
): Entries | Refused {
  const known = new OpaqueTests(tests);
  const columns = space.subjects.map((): Column => ({ entries: [], literals: [] }));
  const entries = { rule: [], outcome: [], test: [], logging: [], loggingRules: [] } as Omit<
    Entries,
    'tests' | 'columns'
  >;
  for (const [position, rule] of rules.entries()) {
    const outcome = outcomeOf(rule);
    if (outcome === OUTCOME.log) entries.loggingRules.push(position);
    for (const product of productsOrNever(rule.formula[family], space)) {
      const entry = entries.rule.push(position) - 1;
      entries.outcome.push(outcome);
      entries.test.push(known.numberOf(product) + 1);
      entries.logging.push(outcome === OUTCOME.log ? entries.loggingRules.length - 1 : 0);
      for (const literal of product.literals) {
        const column = columns[literal.dimension] as Column;
        column.entries.push(entry);
        column.literals.push(literal);
      }
    }
    if (entries.rule.length > room.entries) return { refused: `they are more than ${room.entries} entries` };
  }
  if (known.tests.length > room.tests) return { refused: `they need more than ${room.tests} tests of the packet` };
  return { ...entries, tests: known.tests, columns };
}

export function productsOrNever(formula: Formula, space: Space): readonly Product[] {
  const products = productsOf(formula, space);
  return products.length === 0 ? [NEVER] : products;
}

export function outcomeOf({ action, enabled }: Rule): number {
  if (action === 'log' || !enabled) return OUTCOME.log;
  return action === 'block' ? OUTCOME.drop : OUTCOME.pass;
}

/** Numbers for formulas, the same for the same formula. */
export class OpaqueTests {
  readonly tests: Formula[];
  readonly #numbers: Map<string, number>;

  constructor(tests: readonly Formula[]) {
    this.tests = [...tests];
    this.#numbers = new Map(tests.map((test, number) => [printFormula(test), number]));
  }

  /** -1 where the product has no opaque test. */
  numberOf(product: Product): number {
    const test = opaqueTest(product) ?? TRUE;
    if (test.kind === 'constant') return -1;
    const key = printFormula(test);
    const number = this.#numbers.get(key) ?? this.tests.push(test) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}
