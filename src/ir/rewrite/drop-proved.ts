// `tcp and not (tcp and port 80)` becomes `tcp and not port 80`: under a negation, a test that a sibling of the negation
// already implies asks nothing new.

import { intersect } from '../../net/interval-set';
import { and, type Formula, not, type Test } from '../formula';
import { readKey } from './merge-tests';
import { rebuild } from './rewrite';

export function dropProved(formula: Formula): Formula {
  return rebuild(formula, node => {
    if (node.kind !== 'and') return node;
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

function implies(proof: Test, test: Test): boolean {
  if (readKey(proof) !== readKey(test)) return false;
  return intersect(proof.values, test.values).map(print).join() === proof.values.map(print).join();
}

function print({ from, to }: Test['values'][number]): string {
  return `${from}-${to}`;
}
