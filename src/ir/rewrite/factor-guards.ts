// `(tcp and port 80) or (tcp and flag)` becomes `tcp and (port 80 or flag)`: alternatives under the same protocol test
// share it, and what is left of them can merge.

import { and, type Formula, or, type Test } from '../formula';
import { rebuild } from './rewrite';

export function factorGuards(formula: Formula): Formula {
  return rebuild(formula, node => {
    if (node.kind !== 'or') return node;
    const groups = new Map<string, { guard: Test | undefined; rest: Formula[] }>();
    for (const [index, operand] of node.operands.entries()) {
      const guard = protocolGuard(operand);
      const key = guard === undefined ? `operand ${index}` : guard.values.map(({ from, to }) => `${from}-${to}`).join();
      const group = groups.get(key) ?? { guard, rest: [] };
      group.rest.push(guard === undefined ? operand : without(operand, guard));
      groups.set(key, group);
    }
    return or([...groups.values()].map(({ guard, rest }) => (guard === undefined ? or(rest) : and([guard, or(rest)]))));
  });
}

function protocolGuard(formula: Formula): Test | undefined {
  const operands = formula.kind === 'and' ? formula.operands : [formula];
  return operands.find((operand): operand is Test => operand.kind === 'test' && operand.load.kind === 'l4proto');
}

function without(formula: Formula, guard: Test): Formula {
  return and((formula.kind === 'and' ? formula.operands : [formula]).filter(operand => operand !== guard));
}
