// Bottom-up rebuilding of a formula: what every rewrite is made of.

import { and, type Formula, not, or, xor } from '../formula';

/** Replaces each node after its operands have been replaced. */
export function rebuild(formula: Formula, replace: (node: Formula) => Formula): Formula {
  switch (formula.kind) {
    case 'constant':
    case 'test':
    case 'scan':
      return replace(formula);
    case 'not':
      return replace(not(rebuild(formula.operand, replace)));
    case 'and':
      return replace(and(formula.operands.map(operand => rebuild(operand, replace))));
    case 'or':
      return replace(or(formula.operands.map(operand => rebuild(operand, replace))));
    case 'xor':
      return replace(xor(formula.operands.map(operand => rebuild(operand, replace))));
  }
}
