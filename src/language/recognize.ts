// Tokens to the one tree that the grammar allows. The grammar sees only their types, so the tree of one text is that of
// every other whose tokens have the same types in the same order; trees are kept, for most rules are like other rules.

import nearley from 'nearley';
import { invariant } from '../diagnostic/invariant';
import { GRAMMAR } from './grammar';
import type { Leaf, Tree } from './syntax-tree';
import type { Token } from './token';

export interface Recognized {
  /** How many tokens the grammar took. */
  readonly accepted: number;
  /** Defined when the tokens are a whole expression. */
  readonly tree: Tree | undefined;
}

export function recognize(tokens: readonly Token[]): Recognized {
  const shape = tokens.map(({ type }) => type).join(' ');
  const known = TREES.get(shape);
  if (known !== undefined) return { accepted: tokens.length, tree: known };
  const recognized = parse(tokens);
  if (recognized.tree !== undefined) keep(shape, recognized.tree);
  return recognized;
}

/** By the types of the tokens. */
const TREES = new Map<string, Tree>();
/** Characters of types; with its tree a character takes some 50 bytes. */
const MOST_KEPT = 1 << 18;
let kept = 0;

function keep(shape: string, tree: Tree): void {
  if (kept + shape.length > MOST_KEPT) {
    TREES.clear();
    kept = 0;
  }
  TREES.set(shape, tree);
  kept += shape.length;
}

function parse(tokens: readonly Token[]): Recognized {
  const parser = new QuietParser(GRAMMAR, { lexer: overTokens(tokens) });
  try {
    parser.feed('');
  } catch (error) {
    if (!(error instanceof Error) || error.message !== REFUSED) throw error;
    // nearley throws for the token after the last one it took.
    return { accepted: parser.current, tree: undefined };
  }
  const results: readonly Tree[] = parser.results;
  invariant(results.length <= 1, 'the grammar reads one text in two ways');
  return { accepted: tokens.length, tree: results[0] };
}

const REFUSED = 'refused';

/** nearley words its errors by walking every rule that was being tried, which takes long in deep nesting. */
class QuietParser extends nearley.Parser {
  reportError(): string {
    return REFUSED;
  }
}

/** The tokens are read already; nearley's lexer protocol is more than they need. What it is given become the leaves. */
function overTokens(tokens: readonly Token[]): nearley.Lexer {
  let next = 0;
  return {
    reset: () => undefined,
    next: () => {
      const index = next++;
      const token = tokens[index];
      if (token === undefined) return undefined;
      const leaf: Leaf & { readonly type: string; readonly value: string } = { type: token.type, value: '', index };
      return leaf;
    },
    save: () => ({}),
    formatError: () => REFUSED,
  };
}
