// A parsed regular expression over bytes. Only whether it matches is ever asked, so groups and laziness are gone.

import type { CharSet } from './char-set';

export type RegexNode =
  | { readonly kind: 'bytes'; readonly set: CharSet }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly part: RegexNode; readonly least: number; readonly most: number | undefined };

export type Assertion = 'text_start' | 'text_end' | 'line_start' | 'line_end' | 'word_boundary' | 'no_word_boundary';

export function sequence(parts: readonly RegexNode[]): RegexNode {
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'sequence', parts };
}

export function choice(parts: readonly RegexNode[]): RegexNode {
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'choice', parts };
}

/** The UTF-8 bytes of a character, one after the other. */
export function utf8Char(char: number): RegexNode {
  const bytes = [...Buffer.from(String.fromCodePoint(char))];
  return sequence(bytes.map(byte => ({ kind: 'bytes', set: [{ from: byte, to: byte }] })));
}
