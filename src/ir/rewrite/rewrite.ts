// Bottom-up rebuilding of a formula: what every rewrite is made of.

import { and, type Formula, not, or, xor } from '../formula';

/** Replaces each node after its operands have been replaced. Where nothing is, the formula stays the same object. */
export function rebuild(formula: Formula, replace: (node: Formula) => Formula): Formula {
  switch (formula.kind) {
    case 'constant':
    case 'test':
    case 'scan':
      return replace(formula);
    case 'not': {
      const operand = rebuild(formula.operand, replace);
      return replace(operand === formula.operand ? formula : not(operand));
    }
    case 'and':
    case 'or':
    case 'xor': {
      const operands = rebuildAll(formula.operands, replace);
      return replace(operands === formula.operands ? formula : JOIN[formula.kind](operands));
    }
  }
}

const JOIN = { and, or, xor } as const;

function rebuildAll(operands: readonly Formula[], replace: (node: Formula) => Formula): readonly Formula[] {
  let changed: Formula[] | undefined;
  for (const [index, operand] of operands.entries()) {
    const rebuilt = rebuild(operand, replace);
    if (rebuilt !== operand) changed ??= operands.slice(0, index);
    changed?.push(rebuilt);
  }
  return changed ?? operands;
}
