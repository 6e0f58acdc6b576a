// What a verdict map can ask of a rule: a conjunction of tests that are looked up by single values, or by a few. This runs
// for every rule of a policy, so it walks over what is there and makes nothing.

import type { Load, Test } from '../ir/formula';
import type { Rule } from '../ir/ruleset';
import type { IntervalSet } from '../net/interval-set';
import type { PacketFamily } from '../packet/packet';

/** Elements that one rule may become: the product of its numbers of values. */
export const MOST_ELEMENTS = 16;

/** What all rules of a map have in common about one load. */
export interface Column {
  /** Of the first rule. */
  readonly test: Test;
  /** Every rule has few enough values for elements; otherwise all have the same test. */
  readonly exact: boolean;
}

/** Of a rule that decides: one that logs must go on to the next, which the verdict of an element does not. */
export function testsOf({ action, enabled, formula }: Rule, family: PacketFamily): readonly Test[] | undefined {
  if (!enabled || action === 'log') return undefined;
  const held = formula[family];
  if (held.kind === 'test') return [held];
  if (held.kind !== 'and') return undefined;
  return held.operands.every(isTest) ? (held.operands as readonly Test[]) : undefined;
}

function isTest({ kind }: { readonly kind: string }): boolean {
  return kind === 'test';
}

/** How many elements the rule becomes; undefined where it does not fit. */
export function elementsIn(columns: readonly Column[], rule: Rule, family: PacketFamily): number | undefined {
  const tests = testsOf(rule, family);
  if (tests === undefined || tests.length !== columns.length) return undefined;
  let elements = 1;
  for (const { test: first, exact } of columns) {
    const test = testOf(tests, first.load, first.mask);
    if (test === undefined || !(exact ? isExact(test) : isAlike(test, first))) return undefined;
    if (exact) elements *= count(test.values);
  }
  return elements > MOST_ELEMENTS ? undefined : elements;
}

export function testOf(tests: readonly Test[], load: Load, mask: bigint | undefined): Test | undefined {
  for (const test of tests) if (test.mask === mask && isSameLoad(test.load, load)) return test;
  return undefined;
}

export function isExact({ load, mask, values, list }: Test): boolean {
  if (load.kind === 'length' || mask !== undefined || list !== undefined) return false;
  return values.length <= MOST_ELEMENTS && count(values) <= MOST_ELEMENTS;
}

export function isSingle({ values }: Test): boolean {
  return values.length === 1 && values[0]?.from === values[0]?.to;
}

export function isAlike(a: Test, b: Test): boolean {
  if (a === b) return true;
  if (a.list !== b.list || a.mask !== b.mask || a.values.length !== b.values.length) return false;
  if (!isSameLoad(a.load, b.load)) return false;
  return a.values.every(({ from, to }, index) => from === b.values[index]?.from && to === b.values[index]?.to);
}

/** All combinations of the tests' values. */
export function combinations(tests: readonly Test[]): readonly (readonly bigint[])[] {
  return tests.reduce<readonly (readonly bigint[])[]>(
    (tuples, { values }) => tuples.flatMap(tuple => valuesOf(values).map(value => [...tuple, value])),
    [[]],
  );
}

function count(values: IntervalSet): number {
  let sum = 0;
  for (const { from, to } of values) sum += from === to ? 1 : Number(to - from) + 1;
  return sum;
}

function valuesOf(values: IntervalSet): readonly bigint[] {
  return values.flatMap(({ from, to }) => Array.from({ length: Number(to - from) + 1 }, (_, i) => from + BigInt(i)));
}

function isSameLoad(a: Load, b: Load): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  if (a.kind === 'length' && b.kind === 'length') return a.segment === b.segment;
  if (a.kind !== 'bytes' || b.kind !== 'bytes') return true;
  const isSamePlace = a.segment === b.segment && a.from === b.from && a.offset === b.offset;
  return isSamePlace && a.length === b.length && a.plus === b.plus;
}
