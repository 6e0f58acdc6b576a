// A wildcard pattern: `*` stands for any bytes, \* and \\ for themselves, everything else for itself (`?` too). The
// string's own escapes come first, so patterns with a backslash are best raw.

import type { LiteralText } from '../ast';
import { report, restFrom, type Scope } from '../scope';
import type { BytesLiteral } from '../typed-ast';
import { WILDCARD_ESCAPE, WILDCARD_STAR, wildcardPieces } from '../wildcard';
import { readBytes } from './bytes';

export function readWildcard(scope: Scope, literal: LiteralText): BytesLiteral | undefined {
  const at = restFrom(scope, literal.span.start);
  // An empty chunk: the parser has said what is missing here.
  if (literal.form === 'chunk') return undefined;
  const pattern = readBytes(scope, literal);
  if (pattern === undefined) return undefined;
  const pieces = wildcardPieces(pattern.value);
  if (pieces.kind === 'bad_escape') {
    const cut = pieces.position === pattern.value.length - 1;
    const problem = cut ? 'incomplete escape sequence at the end of the wildcard' : 'invalid escape sequence';
    return report(scope, 'wildcardEscape', at, { position: String(pieces.position), problem });
  }
  const stars = pieces.literals.length - 1;
  const limit = scope.limits.wildcardStars;
  if (limit !== undefined && stars > limit) {
    return report(scope, 'wildcardStars', at, { count: String(stars), limit: String(limit) });
  }
  return hasDoubleStar(pattern.value) ? report(scope, 'wildcardDoubleStar', at) : pattern;
}

function hasDoubleStar(pattern: Uint8Array): boolean {
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === WILDCARD_ESCAPE) i++;
    else if (pattern[i] === WILDCARD_STAR && pattern[i + 1] === WILDCARD_STAR) return true;
  }
  return false;
}
