// Patterns in the syntax of Rust's regex crate, which Wirefilter uses, to an expression over bytes. Unicode is off
// until (?u): `.` is one byte, \d \w \s and case are ASCII, and a character outside ASCII stands for its UTF-8 bytes.

import type { Span } from '../../diagnostic/span';
import { DEEPEST, readBracketClass } from './bracket-class';
import { fold } from './case-fold';
import { type CharSet, GREATEST_BYTE, GREATEST_CODE_POINT, negate, oneChar } from './char-set';
import { readEscape } from './escape';
import { type Flags, INITIAL_FLAGS } from './flags';
import { choice, type RegexNode, sequence, utf8Char } from './node';
import { Pattern, RegexSyntaxError } from './pattern';
import { readFlags } from './read-flags';
import { utf8Set } from './utf8';

export type ParsedRegex =
  | { readonly ok: true; readonly node: RegexNode }
  | { readonly ok: false; readonly problem: string; readonly at: Span };

export function parseRegex(text: string): ParsedRegex {
  const reading: Reading = { pattern: new Pattern(text), names: new Set(), depth: 0 };
  try {
    const node = readChoice(reading, INITIAL_FLAGS);
    if (!reading.pattern.ended) reading.pattern.fail('unopened group');
    return { ok: true, node };
  } catch (error) {
    if (error instanceof RegexSyntaxError) return { ok: false, problem: error.message, at: error.at };
    throw error;
  }
}

interface Reading {
  readonly pattern: Pattern;
  /** Of groups, which must differ. */
  readonly names: Set<string>;
  depth: number;
}

/** Up to the end or the bracket that closes the group. */
function readChoice(reading: Reading, initial: Flags): RegexNode {
  const { pattern } = reading;
  const alternatives: RegexNode[] = [];
  let parts: RegexNode[] = [];
  // (?flags) holds to the end of the group, across its alternatives.
  let flags = initial;
  for (;;) {
    pattern.skipSpace(flags);
    if (pattern.ended || pattern.peek() === ')') {
      return choice([...alternatives, sequence(parts)]);
    }
    if (pattern.take('|')) {
      alternatives.push(sequence(parts));
      parts = [];
      continue;
    }
    const changed = pattern.peek() === '(' ? readFlagGroup(pattern, flags) : undefined;
    if (changed !== undefined) {
      flags = changed;
      // Flags are nothing that could be repeated.
      if (/^[*+?{]$/.test(pattern.peek())) pattern.fail('repetition operator missing expression');
      continue;
    }
    parts.push(readRepetitions(reading, readAtom(reading, flags), flags));
  }
}

/** `(?i)`; undefined, with nothing taken, for any other bracket. */
function readFlagGroup(pattern: Pattern, flags: Flags): Flags | undefined {
  const start = pattern.position;
  pattern.next();
  pattern.skipSpace(flags);
  if (!pattern.take('?') || /^[:P<=!]$/.test(pattern.peek())) {
    pattern.position = start;
    return undefined;
  }
  const read = readFlags(pattern, flags);
  if (pattern.take(')')) return read;
  pattern.position = start;
  return undefined;
}

function readAtom(reading: Reading, flags: Flags): RegexNode {
  const { pattern } = reading;
  const start = pattern.position;
  const sign = pattern.next();
  switch (sign) {
    case '(':
      return readGroup(reading, flags, start);
    case '[':
      return setNode(readBracketClass(pattern, flags, reading.depth + 1), flags);
    case '.':
      return anyChar(flags);
    case '^':
      return { kind: 'assertion', assertion: flags.multiLine ? 'line_start' : 'text_start' };
    case '$':
      return { kind: 'assertion', assertion: flags.multiLine ? 'line_end' : 'text_end' };
    case '*':
    case '+':
    case '?':
    case '{':
      return pattern.fail('repetition operator missing expression', start);
    case '\\':
      return escapeNode(pattern, flags);
    default:
      return charNode(sign.codePointAt(0) ?? 0, flags);
  }
}

function readGroup(reading: Reading, outer: Flags, start: number): RegexNode {
  const { pattern } = reading;
  if (++reading.depth > DEEPEST) {
    pattern.fail(`exceeded the maximum number of nested parentheses/brackets (${DEEPEST})`, start);
  }
  const inner = readChoice(reading, groupFlags(reading, outer, start));
  if (!pattern.take(')')) pattern.fail('unclosed group', start, start + 1);
  reading.depth--;
  return inner;
}

/** What stands between the bracket and the group's content: nothing, a name, or flags and a colon. */
function groupFlags({ pattern, names }: Reading, outer: Flags, start: number): Flags {
  pattern.skipSpace(outer);
  if (!pattern.take('?')) return outer;
  if (/^<?[=!]$/.test(pattern.peek() + (pattern.peek() === '<' ? pattern.peek(1) : ''))) {
    const length = pattern.peek() === '<' ? 4 : 3;
    pattern.fail('look-around, including look-ahead and look-behind, is not supported', start, start + length);
  }
  if (pattern.take('P<') || pattern.take('<')) {
    const from = pattern.position;
    const name = pattern.takeWhile(/[^>]/);
    if (!pattern.take('>')) pattern.fail('unclosed capture group name', from);
    if (name === '') pattern.fail('empty capture group name', from - 1);
    if (!/^[\p{L}_][\p{L}\p{N}_.[\]]*$/u.test(name)) pattern.fail('invalid capture group character', from);
    if (names.has(name)) pattern.fail('duplicate capture group name', from, from + name.length);
    names.add(name);
    return outer;
  }
  const flags = readFlags(pattern, outer);
  pattern.take(':');
  return flags;
}

function escapeNode(pattern: Pattern, flags: Flags): RegexNode {
  const read = readEscape(pattern, flags);
  switch (read.kind) {
    case 'char':
      return charNode(read.char, flags);
    case 'byte':
      return { kind: 'bytes', set: fold(oneChar(read.byte), flags) };
    case 'class':
      return setNode(fold(read.set, flags), flags);
    case 'assertion':
      return read;
  }
}

function charNode(char: number, flags: Flags): RegexNode {
  if (char <= 0x7f || flags.unicode) return setNode(fold(oneChar(char), flags), flags);
  return utf8Char(char);
}

function setNode(set: CharSet, { unicode }: Flags): RegexNode {
  const isAscii = (set.at(-1)?.to ?? 0) <= 0x7f;
  return unicode && !isAscii ? utf8Set(set) : { kind: 'bytes', set };
}

function anyChar(flags: Flags): RegexNode {
  const greatest = flags.unicode ? GREATEST_CODE_POINT : GREATEST_BYTE;
  return setNode(negate(flags.dotAll ? [] : oneChar(0x0a), greatest), flags);
}

/** Any number of operators, one on top of the other: a** is legal here. */
function readRepetitions({ pattern }: Reading, atom: RegexNode, flags: Flags): RegexNode {
  let node = atom;
  for (;;) {
    pattern.skipSpace(flags);
    const start = pattern.position;
    const isCounted = pattern.peek() === '{';
    const bounds = readBounds(pattern, flags);
    if (bounds === undefined) return node;
    if (bounds.most !== undefined && bounds.most < bounds.least) {
      pattern.fail('invalid repetition count range, the start must be <= the end', start);
    }
    // Lazy or not, whether there is a match is the same. In verbose mode `a+ ?` is the optional a+, and `a{2} ?` lazy.
    if (isCounted) pattern.skipSpace(flags);
    pattern.take('?');
    node = { kind: 'repeat', part: node, ...bounds };
  }
}

interface Bounds {
  readonly least: number;
  readonly most: number | undefined;
}

function readBounds(pattern: Pattern, flags: Flags): Bounds | undefined {
  if (pattern.take('*')) return { least: 0, most: undefined };
  if (pattern.take('+')) return { least: 1, most: undefined };
  if (pattern.take('?')) return { least: 0, most: 1 };
  const start = pattern.position;
  if (!pattern.take('{')) return undefined;
  const least = readCount(pattern, start, flags);
  const isRange = pattern.take(',');
  if (isRange) pattern.skipSpace(flags);
  const most = isRange ? (pattern.peek() === '}' ? undefined : readCount(pattern, start, flags)) : least;
  if (!pattern.take('}')) pattern.fail('unclosed counted repetition', start);
  return { least, most };
}

const GREATEST_COUNT = 0xffff_ffff;

function readCount(pattern: Pattern, start: number, flags: Flags): number {
  pattern.skipSpace(flags);
  pattern.takeWhile(/\s/);
  const digits = pattern.takeSpaced(/[0-9]/, flags);
  pattern.takeWhile(/\s/);
  if (digits === '') {
    pattern.fail(
      pattern.ended ? 'unclosed counted repetition' : 'repetition quantifier expects a valid decimal',
      start,
    );
  }
  if (Number(digits) > GREATEST_COUNT) pattern.fail('decimal literal invalid', start + 1);
  return Number(digits);
}
