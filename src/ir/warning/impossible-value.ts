// Numbers that a field cannot have: a port above 65535, a flag above the highest bit.

import { type Diagnostic, diagnostic } from '../../diagnostic/diagnostic';
import type { PacketField, Place } from '../../language/field/packet-field';
import { subject } from '../../language/field/subject';
import { spellIntRange } from '../../language/literal/spell';
import type { Comparison, OrderingOperator, TypedValue } from '../../language/typed-ast';
import { greatest, type Interval } from '../../net/interval-set';
import type { ExaminedExpression } from './expression';

export function impossibleValue({ source, conditions }: ExaminedExpression): readonly Diagnostic[] {
  return conditions.flatMap(condition => {
    const values = valuesOf(condition.left);
    if (condition.kind !== 'comparison' || values === undefined) return [];
    const { span } = condition.left;
    const left = source.slice(span.start, span.end);
    return impossible(condition, values).map(({ value, span }) =>
      diagnostic('impossibleValue', span, { left, value, values: `${values.from} to ${values.to}` }),
    );
  });
}

interface Asked {
  /** In words: `80`, `above 80`. */
  readonly value: string;
  readonly span: Comparison['span'];
}

function impossible({ test, span }: Comparison, values: Interval): readonly Asked[] {
  const lies = (from: bigint, to: bigint): boolean => from <= values.to && to >= values.from;
  switch (test.kind) {
    case 'order': {
      const { operator, right } = test;
      if (right.kind !== 'int' || isPossible(operator, right.value, values)) return [];
      return [{ value: `${WORDS[operator]}${right.value}`, span }];
    }
    case 'bitwise_and':
      return (test.mask & values.to) === 0n ? [{ value: `one with a bit of ${test.mask}`, span }] : [];
    case 'in_ints':
      return test.items
        .filter(({ from, to }) => !lies(from, to))
        .map(({ from, to, span }) => ({ value: spellIntRange(from, to), span }));
    default:
      return [];
  }
}

/** Of `ne` the same as of `eq`: to say that something is not what it cannot be is no condition either. */
function isPossible(operator: OrderingOperator, right: bigint, { from, to }: Interval): boolean {
  switch (operator) {
    case 'eq':
    case 'ne':
      return right >= from && right <= to;
    case 'lt':
      return right > from;
    case 'le':
      return right >= from;
    case 'gt':
      return right < to;
    case 'ge':
      return right <= to;
  }
}

const WORDS: Readonly<Record<OrderingOperator, string>> = {
  eq: '',
  ne: '',
  lt: 'below ',
  le: 'at most ',
  gt: 'above ',
  ge: 'at least ',
};

/** The numbers that a value can be; undefined where it is none, or where its row does not tell. */
function valuesOf(value: TypedValue): Interval | undefined {
  const { base } = value;
  if (base.kind === 'field') return valuesOfField(subject(value));
  const [, start, end] = base.arguments;
  if (base.function.name !== 'bit_slice' || start?.kind !== 'int' || end?.kind !== 'int') return undefined;
  return { from: 0n, to: (1n << (end.value - start.value)) - 1n };
}

function valuesOfField({ type, source }: PacketField): Interval | undefined {
  if (type.kind !== 'Int') return undefined;
  switch (source.kind) {
    case 'header':
      return hull([source.ip, source.ip6].flatMap(place => (place === undefined ? [] : [valuesAt(place)])));
    case 'constant':
      return hull(Object.values(source.value).map(value => ({ from: BigInt(value), to: BigInt(value) })));
    case 'protocol_number':
      return { from: 0n, to: 255n };
    default:
      return undefined;
  }
}

function hull(ranges: readonly Interval[]): Interval {
  const least = ranges.map(({ from }) => from).reduce((a, b) => (a < b ? a : b));
  return { from: least, to: ranges.map(({ to }) => to).reduce((a, b) => (a > b ? a : b)) };
}

function valuesAt({ length, mask, plus = 0n }: Place): Interval {
  const all = greatest(length * 8);
  const lowest = mask === undefined ? 1n : mask & -mask;
  return { from: plus, to: (mask ?? all) / lowest + plus };
}
