// What a dimension classifies by: a load, and for wide loads the mask under which it is compared. Tests of one subject ask
// about one number; the subjects that most tests ask about become dimensions.

import { type Formula, type Load, loadBits, type Test } from '../ir/formula';
import { contains, type IntervalSet, normalize } from '../net/interval-set';
import type { Segment } from '../packet/packet';

export interface Subject {
  readonly load: Load;
  readonly mask: bigint | undefined;
  readonly bits: number;
}

export type SubjectKey = number | string;

/** A mask on so few bits is no subject of its own: the values under it are values of the load. */
const FOLDED_BITS = 8;

/** Equal for tests of one subject. Numbers for most: a policy has tens of thousands of tests. */
export function subjectKey({ load, mask }: Pick<Test, 'load' | 'mask'>): SubjectKey {
  const own = mask === undefined || loadBits(load) <= FOLDED_BITS;
  if (own && load.kind === 'bytes' && load.plus === undefined) {
    const place = SEGMENTS.indexOf(load.segment) * 2 + (load.from === 'end' ? 1 : 0);
    return (place * 0x10_0000 + load.offset) * 32 + load.length;
  }
  return `${Object.values(load).join(' ')} & ${own ? 'all' : mask}`;
}

const SEGMENTS: readonly Segment[] = [
  'network',
  'transport',
  'tcp_payload',
  'tcp_mss',
  'udp_payload',
  'fragment_header',
];

export function subjectOf({ load, mask }: Test): Subject {
  const bits = loadBits(load);
  return { load, mask: bits <= FOLDED_BITS ? undefined : mask, bits };
}

/** The values of the test's subject that it holds of. */
export function subjectValues({ load, mask, values }: Test): IntervalSet {
  if (mask === undefined || loadBits(load) > FOLDED_BITS) return values;
  const all = Array.from({ length: 2 ** loadBits(load) }, (_, number) => BigInt(number));
  return normalize(all.filter(number => contains(values, number & mask)).map(number => ({ from: number, to: number })));
}

/** The subjects that the formulas' tests ask about most often, at most so many, in an order that counts do not change. */
export function chooseSubjects(formulas: readonly Formula[], most: number): ReadonlyMap<SubjectKey, Subject> {
  const found = new Map<SubjectKey, { readonly test: Test; count: number }>();
  for (const formula of formulas) countTests(formula, found);
  const chosen = [...found].sort(([, a], [, b]) => b.count - a.count).slice(0, most);
  chosen.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  const subjects = new Map(chosen.map(([key, { test }]) => [key, subjectOf(test)]));
  return subjects.size > 0 ? subjects : new Map([[subjectKey(ANY), subjectOf(ANY)]]);
}

/** Rows stand in dimensions: there is always one. */
const ANY: Test = { kind: 'test', load: { kind: 'l4proto' }, mask: undefined, values: [] };

function countTests(formula: Formula, found: Map<SubjectKey, { readonly test: Test; count: number }>): void {
  if (formula.kind === 'not') {
    countTests(formula.operand, found);
  } else if ('operands' in formula) {
    for (const operand of formula.operands) countTests(operand, found);
  } else if (formula.kind === 'test') {
    const key = subjectKey(formula);
    const known = found.get(key);
    if (known === undefined) found.set(key, { test: formula, count: 1 });
    else known.count++;
  }
}
