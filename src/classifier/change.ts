// One rule replaced in a classifier's tables: intervals are cut where its literals begin and end, classes that they take
// only a part of are divided, and the bits of its entries are set anew. Borders and classes that nobody needs any more stay
// until the tables are built again; they cost room and nothing else.

import { invariant } from '../diagnostic/invariant';
import type { Rule } from '../ir/ruleset';
import { changeColumn } from './change-dimension';
import { Changed } from './changed';
import { type Change, type Classifier, DEFAULT_LIMITS, OUTCOME, type Tables } from './classifier';
import { NEVER, OpaqueTests, outcomeOf, productsOrNever } from './entries';
import type { Product, Space } from './product';
import type { Shape } from './shape';
import { subjectKey } from './subject';

/**
 * The classifier that is given is used up by this, whether the rule finds room (then the change has its successor) or not
 * (undefined: build the tables from the rules). A rule has no room where it needs more entries or other tests than the one
 * before, or begins or ends to log.
 */
export function changeClassifier(classifier: Classifier, position: number, rule: Rule): Change | undefined {
  const { shape, tables } = classifier;
  invariant(classifier.revision === tables.revision, 'a classifier is changed once');
  const revision = ++tables.revision;
  const { first, count } = entriesOf(tables, position);
  const outcome = outcomeOf(rule);
  if ((outcome === OUTCOME.log) !== (tables.outcome[first] === OUTCOME.log)) return undefined;
  const products = productsOrNever(rule.formula[shape.family], spaceOf(shape));
  const tests = new OpaqueTests(shape.tests);
  const numbers = products.map(product => tests.numberOf(product) + 1);
  if (products.length > count || tests.tests.length > shape.tests.length) return undefined;
  const changed = new Changed();
  for (let i = 0; i < count; i++) {
    const product = products[i] ?? NEVER;
    if (!changeEntry(classifier, first + i, product, changed)) return undefined;
    tables.outcome[first + i] = outcome;
    tables.test[first + i] = numbers[i] ?? 0;
  }
  return { classifier: { shape, tables, revision }, ranges: changed.ranges(), entries: { first, count } };
}

function changeEntry({ shape, tables }: Classifier, entry: number, { literals }: Product, changed: Changed): boolean {
  return shape.dimensions.every((dimension, index) => {
    const own = tables.dimensions[index] as Tables['dimensions'][number];
    const literal = literals.find(each => each.dimension === index);
    return changeColumn({ shape: dimension, rows: shape, tables: own, changed }, entry, literal);
  });
}

/** Neighbours, in the rules' order. */
function entriesOf({ rule, entries }: Tables, position: number): Change['entries'] {
  const first = firstAtLeast(rule, entries, position);
  return { first, count: firstAtLeast(rule, entries, position + 1) - first };
}

function firstAtLeast(ascending: Uint32Array, length: number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function spaceOf({ dimensions }: Shape): Space {
  return {
    subjects: dimensions,
    dimensions: new Map(dimensions.map((dimension, index) => [subjectKey(dimension), index])),
    mostProducts: DEFAULT_LIMITS.products,
    unmasked: new Map(),
    complements: new Map(),
    met: new Map(),
  };
}
