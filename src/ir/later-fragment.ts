// What is left of a formula in a later fragment, which has no transport header: every test on its bytes is false there.
// The upper-layer protocol stays, for the network header of every fragment tells it.

import { FALSE, type Formula, type Scanned } from './formula';
import { rebuild } from './rewrite/rewrite';

export function ofLaterFragment(formula: Formula): Formula {
  if (formula.kind === 'and' && formula.operands.some(readsTransport)) return FALSE;
  return rebuild(formula, node => (readsTransport(node) ? FALSE : node));
}

/** Whether it is a test on bytes of the transport header or behind. */
export function readsTransport(node: Formula): boolean {
  if (node.kind === 'scan') return isInTransport(node.segment);
  return node.kind === 'test' && 'segment' in node.load && isInTransport(node.load.segment);
}

/** Of the other segments every fragment has its own. */
export function isInTransport(segment: Scanned): boolean {
  return segment !== 'network' && segment !== 'fragment_header' && segment !== 'in_iface';
}
