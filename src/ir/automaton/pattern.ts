// What the language can look for in bytes, as one kind of pattern: a literal anywhere (`contains`), a wildcard over the
// whole value, a regular expression.

import { invariant } from '../../diagnostic/invariant';
import { oneChar, unite } from '../../language/regex/char-set';
import { checkRegex } from '../../language/regex/compile';
import { type RegexNode, sequence } from '../../language/regex/node';
import { wildcardPieces } from '../../language/wildcard';

const ANY_BYTES: RegexNode = {
  kind: 'repeat',
  part: { kind: 'bytes', set: [{ from: 0, to: 0xff }] },
  least: 0,
  most: undefined,
};

export function literalPattern(literal: Uint8Array): RegexNode {
  return sequence([...literal].map(byte => ({ kind: 'bytes', set: oneChar(byte) })));
}

/** What stands between the stars. `check()` has seen to the escapes. */
export function wildcardLiterals(wildcard: Uint8Array): readonly Uint8Array[] {
  const pieces = wildcardPieces(wildcard);
  invariant(pieces.kind === 'pieces', 'check() lets no wildcard with a bad escape pass');
  return pieces.literals;
}

export function wildcardPattern(wildcard: Uint8Array, strict: boolean): RegexNode {
  const parts = wildcardLiterals(wildcard).map(piece => (strict ? literalPattern(piece) : foldedPattern(piece)));
  return sequence([
    { kind: 'assertion', assertion: 'text_start' },
    ...parts.flatMap((part, index) => (index === 0 ? [part] : [ANY_BYTES, part])),
    { kind: 'assertion', assertion: 'text_end' },
  ]);
}

/** `check()` has seen to syntax and size. */
export function regexPattern(pattern: string): RegexNode {
  const checked = checkRegex(pattern, Number.POSITIVE_INFINITY);
  invariant(checked.kind === 'regex', 'check() lets no wrong regular expression pass');
  return checked.node;
}

/** ASCII letters of either case. */
function foldedPattern(literal: Uint8Array): RegexNode {
  return sequence(
    [...literal].map(byte => {
      const other = /[a-z]/i.test(String.fromCharCode(byte)) ? byte ^ 0x20 : byte;
      return { kind: 'bytes', set: unite(oneChar(byte), oneChar(other)) };
    }),
  );
}
