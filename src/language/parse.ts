// Text to AST: length limit, tokens, the one parse that the grammar allows, AST. No name is looked up here. What
// cannot be parsed yields one diagnostic and, where a beginning of it makes sense, the AST of that beginning, so that
// a check against a scheme can tell more (expression.ts).

import nearley from 'nearley';
import { type Diagnostic, diagnostic } from '../diagnostic/diagnostic';
import { invariant } from '../diagnostic/invariant';
import { span } from '../diagnostic/span';
import type { Expression } from './ast';
import { completeBeginning } from './complete-beginning';
import { GRAMMAR } from './grammar';
import { GREATEST_NESTING, type Limits, PACKET_LIMITS } from './limits';
import { syntaxError } from './syntax-error';
import { formula, type Tree } from './syntax-tree';
import { type Stop, type Token, type Tokens, tokenize } from './tokenize';

export type Parsed =
  | { readonly ok: true; readonly ast: Expression }
  | {
      readonly ok: false;
      readonly diagnostics: readonly Diagnostic[];
      /** What stands before the error, its brackets closed and a missing literal empty. */
      readonly beginning?: Expression;
      /** What could be read, and where it ended; undefined for a text that is too long to be read. */
      readonly read?: Tokens;
    };

export function parse(text: string, limits: Limits = PACKET_LIMITS): Parsed {
  invariant(limits.nesting <= GREATEST_NESTING, `a nesting limit is at most ${GREATEST_NESTING}`);
  const tooLong = overLength(text, limits.length);
  if (tooLong !== undefined) return { ok: false, diagnostics: [tooLong] };
  const read = tokenize(text, limits);
  const { accepted, tree } = recognize(read.tokens);
  if (tree !== undefined && read.stop.reason === 'end') {
    return { ok: true, ast: { source: text, extent: read.extent, root: formula(tree) } };
  }
  const failed: Tokens = { ...read, tokens: read.tokens.slice(0, accepted), stop: stopAt(read, accepted) };
  const diagnostics = [syntaxError(text, failed, limits)];
  const beginning = recognize(completeBeginning(failed)).tree;
  if (beginning === undefined) return { ok: false, diagnostics, read: failed };
  return {
    ok: false,
    diagnostics,
    read: failed,
    beginning: { source: text, extent: read.extent, root: formula(beginning) },
  };
}

function overLength(text: string, limit: number | undefined): Diagnostic | undefined {
  if (limit === undefined || text.length <= limit) return undefined;
  // A character is a code point; one beyond U+FFFF is two units of the string.
  if (text.length <= 2 * limit && [...text].length <= limit) return undefined;
  return diagnostic('lengthLimit', span(limit, text.length), { limit: limit.toLocaleString('en-US') });
}

/** A token that the lexer can read but the grammar refuses stops the reading as well. */
function stopAt(read: Tokens, accepted: number): Stop {
  const refused = read.tokens[accepted];
  if (refused === undefined) return read.stop;
  const { start } = refused.span;
  return { reason: 'unreadable', place: refused.place, from: start, at: start };
}

interface Recognized {
  /** How many tokens the grammar took. */
  readonly accepted: number;
  /** Defined when the tokens are a whole expression. */
  readonly tree: Tree | undefined;
}

function recognize(tokens: readonly Token[]): Recognized {
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

/** The tokens are read already; nearley's lexer protocol is more than they need. */
function overTokens(tokens: readonly Token[]): nearley.Lexer {
  let next = 0;
  return {
    reset: () => undefined,
    next: () => {
      const token = tokens[next++];
      return token === undefined ? undefined : { ...token, value: token.text };
    },
    save: () => ({}),
    formatError: () => REFUSED,
  };
}
