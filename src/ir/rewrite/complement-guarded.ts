// In a conjunction a positive test proves that its bytes are in the packet, and with them all bytes before them in the
// same segment. A negated test on such bytes needs no detour for absence: it is the test of the complement.

import { and, FALSE, type Formula, type Test } from '../formula';
import { isInTransport } from '../later-fragment';
import { rebuild } from './rewrite';
import { negated } from './settle-present';

export function complementGuarded(formula: Formula): Formula {
  return rebuild(formula, node => {
    if (node.kind !== 'and' || !node.operands.some(({ kind }) => kind === 'not')) return node;
    const proofs = node.operands.filter(operand => operand.kind === 'test');
    return and(
      node.operands.map(operand => {
        if (operand.kind !== 'not' || operand.operand.kind !== 'test') return operand;
        const refused = operand.operand;
        if (refused.list !== undefined || !proofs.some(proof => provesPresent(proof, refused))) return operand;
        const opposite = negated(refused);
        return opposite.values.length === 0 ? FALSE : opposite;
      }),
    );
  });
}

function provesPresent({ load: proof }: Test, { load: asked }: Test): boolean {
  if (asked.kind === 'l4proto')
    return proof.kind === 'l4proto' || (proof.kind === 'bytes' && isInTransport(proof.segment));
  if (proof.kind !== 'bytes' || asked.kind !== 'bytes') return false;
  if (proof.segment !== asked.segment || proof.from !== 'start' || asked.from !== 'start') return false;
  return proof.offset + proof.length >= asked.offset + asked.length;
}
