// How large a pattern is when compiled, in the bytes that Wirefilter's engine takes for its automaton: what its size
// limit counts. Of nested choices and empty parts this is an estimate; each repetition is a copy of its part.

import { type CharSet, unite } from './char-set';
import type { RegexNode } from './node';

const STATE = 32;
const TRANSITION = 8;
const BRANCH = 4;
/** The search for a match anywhere: a loop over any byte, and the state of the match. */
const AROUND = 3 * STATE + TRANSITION + 2 * BRANCH + STATE;

export function compiledSize(node: RegexNode): number {
  return AROUND + sizeOf(node);
}

function sizeOf(node: RegexNode): number {
  switch (node.kind) {
    case 'bytes':
      return isOneByte(node.set) ? STATE : 2 * STATE + TRANSITION * node.set.length;
    case 'assertion':
      return STATE;
    case 'sequence':
      return node.parts.length === 0 ? STATE : sum(node.parts);
    case 'choice':
      return sizeOfChoice(node.parts);
    case 'repeat':
      return sizeOfRepeat(node);
  }
}

function isOneByte(set: CharSet): boolean {
  return set.length === 1 && set[0]?.from === set[0]?.to;
}

function sum(nodes: readonly RegexNode[]): number {
  return nodes.reduce((total, node) => total + sizeOf(node), 0);
}

/** Alternatives of one byte each are one class. */
function sizeOfChoice(parts: readonly RegexNode[]): number {
  const sets = parts.flatMap(part => (part.kind === 'bytes' ? [part.set] : []));
  if (sets.length === parts.length) return sizeOf({ kind: 'bytes', set: unite(...sets) });
  return sum(parts) + 2 * STATE + BRANCH * parts.length;
}

function sizeOfRepeat({ part, least, most }: Extract<RegexNode, { readonly kind: 'repeat' }>): number {
  const size = sizeOf(part);
  const branch = STATE + 2 * BRANCH;
  if (most === undefined) return Math.max(1, least) * size + branch;
  const optional = most - least;
  if (optional > 0) return most * size + optional * branch + STATE;
  return least === 0 ? STATE : least * size;
}
