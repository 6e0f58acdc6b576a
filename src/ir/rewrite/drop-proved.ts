// `tcp and not (tcp and port 80)` becomes `tcp and not port 80`: under a negation, a test that a sibling of the negation
// already implies asks nothing new.

import { and, type Formula, not, type Test } from '../formula';
import { implies } from '../implies';
import { rebuild } from './rewrite';

export function dropProved(formula: Formula): Formula {
  return rebuild(formula, node => {
    if (node.kind !== 'and' || !node.operands.some(({ kind }) => kind === 'not')) return node;
    const proofs = node.operands.filter(operand => operand.kind === 'test');
    return and(
      node.operands.map(operand => (operand.kind === 'not' ? not(withoutProved(operand.operand, proofs)) : operand)),
    );
  });
}

function withoutProved(formula: Formula, proofs: readonly Test[]): Formula {
  const operands = formula.kind === 'and' ? formula.operands : [formula];
  return and(operands.filter(operand => operand.kind !== 'test' || !proofs.some(proof => implies(proof, operand))));
}
