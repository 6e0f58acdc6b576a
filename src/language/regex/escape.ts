// What a backslash makes of the next characters: one character, a class such as \d, a raw byte, or an assertion.

import { fold } from './case-fold';
import { type CharSet, charRanges, GREATEST_BYTE, GREATEST_CODE_POINT, negate } from './char-set';
import type { Flags } from './flags';
import type { Assertion } from './node';
import type { Pattern } from './pattern';
import { unicodeProperty } from './unicode-property';

export type Escape =
  | { readonly kind: 'char'; readonly char: number }
  /** \xHH with Unicode off: that byte, whatever it would be as a character. */
  | { readonly kind: 'byte'; readonly byte: number }
  | { readonly kind: 'class'; readonly set: CharSet }
  | { readonly kind: 'assertion'; readonly assertion: Assertion };

const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['a', 0x07],
  ['f', 0x0c],
  ['t', 0x09],
  ['n', 0x0a],
  ['r', 0x0d],
  ['v', 0x0b],
]);

const HEX_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** The backslash has been taken. */
export function readEscape(pattern: Pattern, flags: Flags): Escape {
  const start = pattern.position - 1;
  if (pattern.ended) pattern.fail('incomplete escape sequence, reached end of pattern prematurely', start, start + 1);
  const sign = pattern.next();
  const control = CONTROLS.get(sign);
  if (control !== undefined) return { kind: 'char', char: control };
  if (/[0-9]/.test(sign)) pattern.fail('backreferences are not supported', start);
  if (/[dDsSwW]/.test(sign)) return { kind: 'class', set: perlClass(sign, flags) };
  if (/[pP]/.test(sign)) return { kind: 'class', set: property(pattern, sign, start, flags) };
  const hexLength = HEX_LENGTHS.get(sign);
  if (hexLength !== undefined) return hexEscape(pattern, hexLength, start, flags);
  if (/[AzbB<>]/.test(sign)) return { kind: 'assertion', assertion: assertion(pattern, sign, start, flags) };
  if (/[A-Za-z]/.test(sign) || sign > '\x7f') pattern.fail('unrecognized escape sequence', start);
  return { kind: 'char', char: sign.codePointAt(0) ?? 0 };
}

const DIGIT = charRanges('09');
const SPACE = charRanges('\t\r', '  ');
const WORD = charRanges('09', 'AZ', '__', 'az');

function perlClass(sign: string, { unicode }: Flags): CharSet {
  const letter = sign.toLowerCase();
  const ascii = letter === 'd' ? DIGIT : letter === 's' ? SPACE : WORD;
  const set = unicode ? unicodeClass(letter) : ascii;
  return sign === letter ? set : negate(set, unicode ? GREATEST_CODE_POINT : GREATEST_BYTE);
}

function unicodeClass(letter: string): CharSet {
  if (letter === 'd') return unicodeProperty('Nd') ?? [];
  if (letter === 's') return unicodeProperty('White_Space') ?? [];
  const parts = ['Alphabetic', 'M', 'Nd', 'Pc', 'Join_Control'].map(name => unicodeProperty(name) ?? []);
  return negate(
    negate(
      parts.flat().sort((a, b) => a.from - b.from),
      GREATEST_CODE_POINT,
    ),
    GREATEST_CODE_POINT,
  );
}

function property(pattern: Pattern, sign: string, start: number, flags: Flags): CharSet {
  pattern.skipSpace(flags);
  const braced = pattern.take('{');
  if (braced) pattern.skipSpace(flags);
  const text = braced ? pattern.takeSpaced(/[^}]/, flags) : pattern.next();
  if (braced && !pattern.take('}')) pattern.fail('unclosed Unicode class', start);
  if (!flags.unicode) pattern.fail('Unicode not allowed here', start);
  const set = text === 'Any' ? [{ from: 0, to: GREATEST_CODE_POINT }] : unicodeProperty(text);
  if (set === undefined) return pattern.fail('Unicode property not found', start);
  const folded = fold(set, flags);
  return sign === 'P' ? negate(folded, GREATEST_CODE_POINT) : folded;
}

function hexEscape(pattern: Pattern, length: number, start: number, flags: Flags): Escape {
  pattern.skipSpace(flags);
  const braced = pattern.take('{');
  const from = pattern.position;
  let digits = '';
  for (;;) {
    pattern.skipSpace(flags);
    if (pattern.ended || (braced ? pattern.peek() === '}' : digits.length === length)) break;
    if (!/[0-9A-Fa-f]/.test(pattern.peek())) pattern.fail('invalid hexadecimal digit');
    digits += pattern.next();
  }
  if (braced && !pattern.take('}'))
    pattern.fail('incomplete escape sequence, reached end of pattern prematurely', start);
  if (braced && digits === '') pattern.fail('hexadecimal literal empty', start);
  if (!braced && digits.length < length)
    pattern.fail('incomplete escape sequence, reached end of pattern prematurely', start);
  const char = Number.parseInt(digits, 16);
  if (char > GREATEST_CODE_POINT || (char >= 0xd800 && char <= 0xdfff)) {
    pattern.fail('hexadecimal literal is not a Unicode scalar value', from, from + digits.length);
  }
  return !flags.unicode && !braced && length === 2 ? { kind: 'byte', byte: char } : { kind: 'char', char };
}

/** RE2 knows ASCII word boundaries only, and no half ones: those are refused rather than taken for something else. */
function assertion(pattern: Pattern, sign: string, start: number, { unicode }: Flags): Assertion {
  if (sign === 'A') return 'text_start';
  if (sign === 'z') return 'text_end';
  // In \b{2} the braces are a count.
  const isNamed = sign === 'b' && pattern.peek() === '{' && /[A-Za-z-]/.test(pattern.peek(1));
  if (sign === '<' || sign === '>' || isNamed) {
    pattern.fail('half word boundaries are not supported', start);
  }
  if (unicode) pattern.fail('Unicode word boundaries are not supported; write (?-u:\\b)', start);
  return sign === 'b' ? 'word_boundary' : 'no_word_boundary';
}
