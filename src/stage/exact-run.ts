// Neighbouring rules that may be one map: they ask for values of the same loads. Tests that a map cannot ask but that all
// of the rules have alike become guards before it.

import type { Load, Test } from '../ir/formula';
import type { Rule } from '../ir/ruleset';
import type { PacketFamily } from '../packet/packet';
import { type Column, elementsIn, isAlike, isExact, isSingle, testOf, testsOf } from './exact-rule';
import type { RuleBackend } from './rule-backend';

/** Fields that nft can name in one type: 6 of its 30 bits each. */
const MOST_FIELDS = 5;
/** NFT_DATA_VALUE_MAXLEN: the registers that a key is loaded into. */
const MOST_KEY_BYTES = 64;

export interface ExactRun {
  readonly columns: readonly RunColumn[];
  readonly rules: Rule[];
  /** Of the map, if all columns were of the key. */
  elements: number;
}

interface RunColumn extends Column {
  /** All rules have the same test. */
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
  const run: ExactRun = { columns, rules: [], elements: 0 };
  return extend(run, rule, family) ? run : undefined;
}

/** Takes the rule into the run if it fits. */
export function extend(run: ExactRun, rule: Rule, family: PacketFamily): boolean {
  const elements = elementsIn(run.columns, rule, family);
  if (elements === undefined) return false;
  run.rules.push(rule);
  run.elements += elements;
  for (const column of run.columns) if (column.alike) column.alike = isAlike(testIn(rule, column, family), column.test);
  return true;
}

function testIn(rule: Rule, { test: { load, mask } }: Column, family: PacketFamily): Test {
  return testOf(testsOf(rule, family) as readonly Test[], load, mask) as Test;
}

/** Whether a column is of the key and no guard. A guard may be what is alike in all rules; the key is never empty. */
export function isKey(column: RunColumn, columns: readonly RunColumn[]): boolean {
  if (!column.exact) return false;
  return !mayGuard(column) || (column === columns.findLast(({ exact }) => exact) && columns.every(mayGuard));
}

/** A test of one address or port stays in the key also where it is alike, so that one rule may change in it. */
function mayGuard({ test, exact, alike }: RunColumn): boolean {
  return !exact || (alike && (test.load.kind === 'l4proto' || !isSingle(test)));
}

/** As people write them: from what the packet came by to its transport header. */
function order(load: Load): number {
  if (load.kind !== 'bytes') return load.kind === 'in_iface' ? 0 : 1;
  const segment = load.segment === 'network' ? 1 : load.segment === 'fragment_header' ? 2 : 3;
  return segment * 0x1_0000 + load.offset;
}

function paddedBytes(load: Load): number {
  const length = load.kind === 'bytes' ? load.length : load.kind === 'in_iface' ? 16 : 4;
  return Math.ceil(length / 4) * 4;
}
