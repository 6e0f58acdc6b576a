// Which rules can share a verdict map: conjunctions that ask for single values, or a few, of the same loads. Tests that
// a map cannot ask but that all of the rules have alike become guards before it.

import type { Load, Test } from '../ir/formula';
import type { Rule } from '../ir/ruleset';
import type { Interval, IntervalSet } from '../net/interval-set';
import type { PacketFamily } from '../packet/packet';
import type { RuleBackend } from './rule-backend';

/** Elements that one rule may become: the product of its numbers of values. */
const MOST_ELEMENTS = 16;
/** Fields that nft can name in one type: 6 of its 30 bits each. */
const MOST_FIELDS = 5;
/** NFT_DATA_VALUE_MAXLEN: the registers that a key is loaded into. */
const MOST_KEY_BYTES = 64;

/** Neighbouring rules that may be one map. */
export interface ExactRun {
  readonly columns: readonly Column[];
  readonly rules: Rule[];
  /** By rule, then by column. */
  readonly tests: (readonly Test[])[];
}

/** One load that every rule of a run tests. */
export interface Column {
  /** Of the first rule. */
  readonly test: Test;
  /** Every rule has few enough values for elements; otherwise all have the same test. */
  readonly exact: boolean;
  alike: boolean;
}

/** A run that begins with the rule; undefined where no map can hold it. */
export function exactRun(rule: Rule, family: PacketFamily, nft: Pick<RuleBackend, 'canLoad'>): ExactRun | undefined {
  const tests = testsOf(rule, family);
  if (tests === undefined || !tests.every(nft.canLoad)) return undefined;
  const columns = tests.map(test => ({ test, exact: isExact(test), alike: true }));
  columns.sort((a, b) => order(a.test.load) - order(b.test.load));
  const key = columns.filter(({ exact }) => exact).map(({ test }) => test.load);
  const bytes = key.reduce((sum, load) => sum + paddedBytes(load), 0);
  if (key.length === 0 || key.length > MOST_FIELDS || bytes > MOST_KEY_BYTES) return undefined;
  const run: ExactRun = { columns, rules: [], tests: [] };
  return extend(run, rule, family) ? run : undefined;
}

/** Takes the rule into the run if it fits. */
export function extend({ columns, rules, tests }: ExactRun, rule: Rule, family: PacketFamily): boolean {
  const row = rowOf(columns, rule, family);
  if (row === undefined) return false;
  for (const [index, column] of columns.entries()) column.alike &&= isAlike(row[index] as Test, column.test);
  rules.push(rule);
  tests.push(row);
  return true;
}

/** The rule's tests by column; undefined where it does not fit. */
export function rowOf(
  columns: readonly Pick<Column, 'test' | 'exact'>[],
  rule: Rule,
  family: PacketFamily,
): readonly Test[] | undefined {
  const tests = testsOf(rule, family);
  if (tests === undefined || tests.length !== columns.length) return undefined;
  const row: Test[] = [];
  let elements = 1;
  for (const { test: first, exact } of columns) {
    const test = tests.find(each => readsSame(each, first));
    if (test === undefined || !(exact ? isExact(test) : isAlike(test, first))) return undefined;
    if (exact) elements *= count(test.values);
    row.push(test);
  }
  return elements > MOST_ELEMENTS ? undefined : row;
}

/** Whether a column is of the key and no guard. A guard may be what is alike in all rules; the key is never empty. */
export function isKey(column: Column, columns: readonly Column[]): boolean {
  if (!column.exact) return false;
  return !mayGuard(column) || (column === columns.findLast(({ exact }) => exact) && columns.every(mayGuard));
}

/** A test of one address or port stays in the key also where it is alike, so that one rule may change in it. */
function mayGuard({ test, exact, alike }: Column): boolean {
  return !exact || (alike && (test.load.kind === 'l4proto' || !isSingle(test)));
}

/** Elements that the run's rules become together. */
export function countElements({ columns, tests }: ExactRun): number {
  const inKey = columns.map(column => isKey(column, columns));
  const elementsOf = (row: readonly Test[]) =>
    row.reduce((product, { values }, index) => (inKey[index] ? product * count(values) : product), 1);
  return tests.reduce((sum, row) => sum + elementsOf(row), 0);
}

/** All combinations of the tests' values. */
export function combinations(tests: readonly Test[]): readonly (readonly bigint[])[] {
  // Mostly there is one.
  if (tests.every(isSingle)) return [tests.map(({ values: [first] }) => (first as Interval).from)];
  return tests.reduce<readonly (readonly bigint[])[]>(
    (tuples, { values }) => tuples.flatMap(tuple => valuesOf(values).map(value => [...tuple, value])),
    [[]],
  );
}

function isSingle({ values: [first, second] }: Test): boolean {
  return first !== undefined && second === undefined && first.from === first.to;
}

/** Of a rule that decides: one that logs must go on to the next, which the verdict of an element does not. */
function testsOf({ action, enabled, formula }: Rule, family: PacketFamily): readonly Test[] | undefined {
  if (!enabled || action === 'log') return undefined;
  const { [family]: held } = formula;
  if (held.kind === 'test') return [held];
  if (held.kind !== 'and') return undefined;
  return held.operands.every((operand): operand is Test => operand.kind === 'test') ? held.operands : undefined;
}

function isExact({ load, mask, values, list }: Test): boolean {
  if (load.kind === 'length' || mask !== undefined || list !== undefined) return false;
  return values.length <= MOST_ELEMENTS && count(values) <= MOST_ELEMENTS;
}

/** No more than one above the bound. */
function count(values: IntervalSet): number {
  let sum = 0;
  for (const { from, to } of values) sum += from === to ? 1 : Number(to - from) + 1;
  return sum;
}

function valuesOf(values: IntervalSet): readonly bigint[] {
  return values.flatMap(({ from, to }) => Array.from({ length: Number(to - from) + 1 }, (_, i) => from + BigInt(i)));
}

function isAlike(a: Test, b: Test): boolean {
  if (a === b) return true;
  if (a.list !== b.list || a.values.length !== b.values.length || !readsSame(a, b)) return false;
  return a.values.every(({ from, to }, index) => from === b.values[index]?.from && to === b.values[index]?.to);
}

function readsSame({ load: a, mask: maskOfA }: Test, { load: b, mask: maskOfB }: Test): boolean {
  if (a.kind !== b.kind || maskOfA !== maskOfB) return false;
  if (a.kind === 'length' && b.kind === 'length') return a.segment === b.segment;
  if (a.kind !== 'bytes' || b.kind !== 'bytes') return true;
  return (
    a.segment === b.segment && a.from === b.from && a.offset === b.offset && a.length === b.length && a.plus === b.plus
  );
}

/** As people write them: from what the packet came by to its transport header. */
function order(load: Load): number {
  if (load.kind !== 'bytes') return load.kind === 'in_iface' ? 0 : 1;
  return (
    (load.segment === 'network' ? 0x1_0000 : load.segment === 'fragment_header' ? 0x2_0000 : 0x3_0000) + load.offset
  );
}

function paddedBytes(load: Load): number {
  const length = load.kind === 'bytes' ? load.length : load.kind === 'in_iface' ? 16 : 4;
  return Math.ceil(length / 4) * 4;
}
