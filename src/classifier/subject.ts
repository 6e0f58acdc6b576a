// What a dimension classifies by: a load, and for wide loads the mask under which it is compared. Tests of one subject ask
// about one number; the subjects that most tests ask about become dimensions.

import { type Formula, type Load, loadBits, type Test } from '../ir/formula';
import type { Interval, IntervalSet } from '../net/interval-set';
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

/** Sets of values by the tests under masks that they come from: the same few for many rules. */
export type Unmasked = Map<string | number, IntervalSet>;

/** The values of the test's subject that it holds of; the same set for the same mask and values. */
export function subjectValues({ load, mask, values }: Test, unmasked: Unmasked): IntervalSet {
  const bits = loadBits(load);
  if (mask === undefined || bits > FOLDED_BITS) return values;
  const key = unmaskedKey(bits, Number(mask), values);
  const known = unmasked.get(key) ?? valuesUnderMask(Number(mask), values, bits);
  unmasked.set(key, known);
  return known;
}

/** A number for one interval, as most have: no more than FOLDED_BITS each. */
function unmaskedKey(bits: number, mask: number, values: IntervalSet): string | number {
  const [first] = values;
  if (first !== undefined && values.length === 1) {
    return ((bits * 256 + mask) * 256 + Number(first.from)) * 256 + Number(first.to);
  }
  return `${bits} ${mask} ${values.map(({ from, to }) => `${from}-${to}`).join(' ')}`;
}

function valuesUnderMask(mask: number, values: IntervalSet, bits: number): IntervalSet {
  const within = new Uint8Array(2 ** bits + 1);
  for (const { from, to } of values) within.fill(1, Number(from), Number(to) + 1);
  const intervals: Interval[] = [];
  let from: number | undefined;
  for (let number = 0; number <= 2 ** bits; number++) {
    const holds = number < 2 ** bits && within[number & mask] === 1;
    if (holds) from ??= number;
    else if (from !== undefined) {
      intervals.push({ from: BigInt(from), to: BigInt(number - 1) });
      from = undefined;
    }
  }
  return intervals;
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
