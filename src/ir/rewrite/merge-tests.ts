// Tests of the same load become one: `or` unites their intervals, `and` intersects them. Two ports in one `or` are one
// set, two different values in one `and` are a contradiction.

import { intersect, union } from '../../net/interval-set';
import { and, FALSE, type Formula, or, type Test } from '../formula';
import { rebuild } from './rewrite';

export function mergeTests(formula: Formula): Formula {
  return rebuild(formula, node => {
    if (node.kind === 'and') return and(merge(node.operands, intersect));
    if (node.kind === 'or') return or(merge(node.operands, union));
    return node;
  });
}

function merge(operands: readonly Formula[], combine: typeof union): Formula[] {
  const merged = new Map<string, Formula>();
  for (const [index, operand] of operands.entries()) {
    const key = operand.kind === 'test' && operand.list === undefined ? readKey(operand) : `operand ${index}`;
    const earlier = merged.get(key);
    merged.set(
      key,
      earlier?.kind === 'test' && operand.kind === 'test' ? combined(earlier, operand, combine) : operand,
    );
  }
  return [...merged.values()].map(operand =>
    operand.kind === 'test' && operand.values.length === 0 ? FALSE : operand,
  );
}

function combined(a: Test, b: Test, combine: typeof union): Test {
  return { ...a, values: combine(a.values, b.values) };
}

/** Equal for tests that read the same number. */
export function readKey({ load, mask }: Test): string {
  return `${Object.values(load).join(' ')} & ${mask ?? 'all'}`;
}
