// Tests of the same load become one: `or` unites their intervals, `and` intersects them. Two ports in one `or` are one
// set, two different values in one `and` are a contradiction.

import { intersect, union } from '../../net/interval-set';
import { and, FALSE, type Formula, type Load, or, type Test } from '../formula';
import { rebuild } from './rewrite';

export function mergeTests(formula: Formula): Formula {
  return rebuild(formula, node => {
    if (node.kind !== 'and' && node.kind !== 'or') return node;
    const { kind, operands } = node;
    const merged = merge(operands, kind === 'and' ? intersect : union);
    if (merged === operands) return node;
    return kind === 'and' ? and(merged) : or(merged);
  });
}

function merge(operands: readonly Formula[], combine: typeof union): readonly Formula[] {
  const merged = new Map<string, Formula>();
  for (const [index, operand] of operands.entries()) {
    const key = operand.kind === 'test' && operand.list === undefined ? readKey(operand) : `operand ${index}`;
    const earlier = merged.get(key);
    merged.set(
      key,
      earlier?.kind === 'test' && operand.kind === 'test' ? combined(earlier, operand, combine) : operand,
    );
  }
  const empty = (operand: Formula): boolean => operand.kind === 'test' && operand.values.length === 0;
  if (merged.size === operands.length && !operands.some(empty)) return operands;
  return [...merged.values()].map(operand => (empty(operand) ? FALSE : operand));
}

function combined(a: Test, b: Test, combine: typeof union): Test {
  return { ...a, values: combine(a.values, b.values) };
}

/** Equal for tests that read the same number. */
export function readKey({ load, mask }: Test): string {
  const known = LOAD_KEYS.get(load) ?? Object.values(load).join(' ');
  LOAD_KEYS.set(load, known);
  return mask === undefined ? known : `${known} & ${mask}`;
}

const LOAD_KEYS = new WeakMap<Load, string>();
