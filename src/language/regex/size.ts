// How large a pattern is when compiled, in the bytes that Wirefilter's engine would take for its automaton: what its
// size limit counts. An estimate from the sizes of the automaton's states; each repetition is a copy of its part.

import type { RegexNode } from './node';

const STATE = 32;
const TRANSITION = 8;
const BRANCH = 4;

export function compiledSize(node: RegexNode): number {
  switch (node.kind) {
    case 'bytes':
      return STATE + (node.set.length > 1 ? TRANSITION * node.set.length : 0);
    case 'assertion':
      return STATE;
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + compiledSize(part), 0);
    case 'choice':
      return node.parts.reduce((sum, part) => sum + compiledSize(part) + BRANCH, 2 * STATE);
    case 'repeat': {
      const part = compiledSize(node.part);
      const optional = node.most === undefined ? 1 : node.most - node.least;
      return part * node.least + (part + STATE + 2 * BRANCH) * optional;
    }
  }
}
