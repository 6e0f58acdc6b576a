// Text to AST: length limit, tokens, the one parse that the grammar allows, AST. No name is looked up here. What
// cannot be parsed yields one diagnostic and, where a beginning of it makes sense, the AST of that beginning, so that
// a check against a scheme can tell more (expression.ts).

import { type Diagnostic, diagnostic } from '../diagnostic/diagnostic';
import { invariant } from '../diagnostic/invariant';
import { span } from '../diagnostic/span';
import type { Expression } from './ast';
import { completeBeginning } from './complete-beginning';
import { GREATEST_NESTING, type Limits, PACKET_LIMITS } from './limits';
import { recognize } from './recognize';
import { syntaxError } from './syntax-error';
import { formula } from './syntax-tree';
import { type Stop, type Tokens, tokenize } from './tokenize';

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
    return { ok: true, ast: { source: text, extent: read.extent, root: formula(tree, read.tokens) } };
  }
  const failed: Tokens = { ...read, tokens: read.tokens.slice(0, accepted), stop: stopAt(read, accepted) };
  const diagnostics = [syntaxError(text, failed, limits)];
  const completed = completeBeginning(failed);
  const beginning = recognize(completed).tree;
  if (beginning === undefined) return { ok: false, diagnostics, read: failed };
  return {
    ok: false,
    diagnostics,
    read: failed,
    beginning: { source: text, extent: read.extent, root: formula(beginning, completed) },
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
