// Classes in brackets: [a-z], [^a], nested [a[bc]], POSIX [:alpha:], and the set operators && -- ~~.

import { fold } from './case-fold';
import {
  type CharSet,
  charRanges,
  GREATEST_BYTE,
  GREATEST_CODE_POINT,
  intersect,
  negate,
  oneChar,
  subtract,
  unite,
} from './char-set';
import { readEscape } from './escape';
import type { Flags } from './flags';
import type { Pattern } from './pattern';

/** Wirefilter's engine refuses deeper nesting of groups and classes; it also bounds the recursion here. */
export const DEEPEST = 250;

/** The opening bracket has been taken. */
export function readBracketClass(pattern: Pattern, flags: Flags, depth = 1): CharSet {
  const start = pattern.position - 1;
  if (depth > DEEPEST) pattern.fail(`exceeded the maximum number of nested parentheses/brackets (${DEEPEST})`, start);
  pattern.skipSpace(flags);
  const inverted = pattern.take('^');
  const greatest = flags.unicode ? GREATEST_CODE_POINT : GREATEST_BYTE;
  let left: { readonly set: CharSet; readonly operator: SetOperator } | undefined;
  let set: CharSet = leadingSigns(pattern, flags);
  for (;;) {
    pattern.skipSpace(flags);
    if (pattern.ended) pattern.fail('unclosed character class', start, start + 1);
    const operator = SET_OPERATORS.find(each => pattern.take(each));
    if (operator !== undefined || pattern.peek() === ']') {
      const whole = left === undefined ? fold(set, flags) : apply(left.operator, left.set, fold(set, flags));
      if (operator === undefined) {
        pattern.next();
        return inverted ? negate(whole, greatest) : whole;
      }
      left = { set: whole, operator };
      set = [];
      continue;
    }
    set = unite(set, readItem(pattern, flags, depth));
  }
}

type SetOperator = '&&' | '--' | '~~';
const SET_OPERATORS: readonly SetOperator[] = ['&&', '--', '~~'];

function apply(operator: SetOperator, left: CharSet, right: CharSet): CharSet {
  switch (operator) {
    case '&&':
      return intersect(left, right);
    case '--':
      return subtract(left, right);
    case '~~':
      return unite(subtract(left, right), subtract(right, left));
  }
}

/** Hyphens at the beginning, or else one closing bracket, stand for themselves. */
function leadingSigns(pattern: Pattern, flags: Flags): CharSet {
  let set: CharSet = [];
  pattern.skipSpace(flags);
  while (pattern.take('-')) {
    set = oneChar(0x2d);
    pattern.skipSpace(flags);
  }
  return set.length === 0 && pattern.take(']') ? oneChar(0x5d) : set;
}

function readItem(pattern: Pattern, flags: Flags, depth: number): CharSet {
  if (pattern.peek() === '[') {
    const posix = readPosixClass(pattern, flags);
    if (posix !== undefined) return posix;
    pattern.next();
    return readBracketClass(pattern, flags, depth + 1);
  }
  const start = pattern.position;
  const first = readMember(pattern, flags);
  pattern.skipSpace(flags);
  if (!takeRangeSign(pattern, flags)) return typeof first === 'number' ? oneChar(first) : first;
  if (pattern.ended) pattern.fail('unclosed character class', start);
  const boundary = 'invalid range boundary, must be a literal';
  if (typeof first !== 'number') pattern.fail(boundary, start, pattern.position - 1);
  const lastAt = pattern.position;
  const last = readMember(pattern, flags);
  if (typeof last !== 'number') return pattern.fail(boundary, lastAt);
  if (last < first) pattern.fail('invalid character class range, the start must be <= the end', start);
  return [{ from: first, to: last }];
}

/** A hyphen at the end of the class or before another one means no range. */
function takeRangeSign(pattern: Pattern, flags: Flags): boolean {
  const start = pattern.position;
  if (pattern.take('-')) {
    pattern.skipSpace(flags);
    if (pattern.peek() !== ']' && pattern.peek() !== '-') return true;
  }
  pattern.position = start;
  return false;
}

/** One character, as a number, or the class of an read. */
function readMember(pattern: Pattern, flags: Flags): number | CharSet {
  const start = pattern.position;
  const sign = pattern.next();
  const read = sign === '\\' ? readEscape(pattern, flags) : { kind: 'char' as const, char: sign.codePointAt(0) ?? 0 };
  switch (read.kind) {
    case 'class':
      return read.set;
    case 'byte':
      return read.byte;
    case 'assertion':
      return pattern.fail('invalid read sequence found in character class', start);
    case 'char':
      if (!flags.unicode && read.char > 0x7f) pattern.fail('Unicode not allowed here', start);
      return read.char;
  }
}

const POSIX: ReadonlyMap<string, CharSet> = new Map([
  ['alnum', charRanges('09', 'AZ', 'az')],
  ['alpha', charRanges('AZ', 'az')],
  ['ascii', charRanges('\0\x7f')],
  ['blank', charRanges('\t\t', '  ')],
  ['cntrl', charRanges('\0\x1f', '\x7f\x7f')],
  ['digit', charRanges('09')],
  ['graph', charRanges('!~')],
  ['lower', charRanges('az')],
  ['print', charRanges(' ~')],
  ['punct', charRanges('!/', ':@', '[`', '{~')],
  ['space', charRanges('\t\r', '  ')],
  ['upper', charRanges('AZ')],
  ['word', charRanges('09', 'AZ', '__', 'az')],
  ['xdigit', charRanges('09', 'AF', 'af')],
]);

/** [:name:] or [:^name:]; anything else is an ordinary nested class. */
function readPosixClass(pattern: Pattern, flags: Flags): CharSet | undefined {
  const start = pattern.position;
  if (pattern.take('[:')) {
    const inverted = pattern.take('^');
    const set = POSIX.get(pattern.takeWhile(/[a-z]/));
    if (set !== undefined && pattern.take(':]')) {
      const folded = fold(set, flags);
      return inverted ? negate(folded, flags.unicode ? GREATEST_CODE_POINT : GREATEST_BYTE) : folded;
    }
  }
  pattern.position = start;
  return undefined;
}
