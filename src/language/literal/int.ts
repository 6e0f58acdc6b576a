// Integers are signed 64-bit: decimal with an optional minus, hexadecimal after 0x, octal after a leading 0. The digits
// are read greedily as hexadecimal ones and then judged by their radix, so 12ab is one wrong number and not two words.

import { span } from '../../diagnostic/span';
import type { LiteralText } from '../ast';
import { report, restFrom, type Scope } from '../scope';
import type { IntItem, IntLiteral } from '../typed-ast';
import type { Compared } from './compared';
import { numberHint } from './hint';

const LEAST = -(1n << 63n);
const GREATEST = (1n << 63n) - 1n;

export function readInt(scope: Scope, literal: LiteralText, { name, inSet }: Compared): IntLiteral | undefined {
  const read = intAt(scope, literal, 0, name);
  if (read === undefined) return undefined;
  if (read.end < literal.text.length) return restAfterInt(scope, literal, read.end, inSet);
  return { kind: 'int', value: read.value, span: literal.span };
}

/** An item of a set: 80 or 1..1023. */
export function readIntRange(scope: Scope, literal: LiteralText, name: string): IntItem | undefined {
  const first = intAt(scope, literal, 0, name);
  if (first === undefined) return undefined;
  const { text } = literal;
  const last = text.startsWith('..', first.end) ? intAt(scope, literal, first.end + 2, name) : first;
  if (last === undefined) return undefined;
  if (last.value < first.value) {
    const at = span(literal.span.start, literal.span.start + last.end);
    return report(scope, 'rangeBounds', at, { cure: `the smaller bound comes first: ${last.value}..${first.value}` });
  }
  if (last.end === text.length) return { from: first.value, to: last.value, span: literal.span };
  // Wirefilter reads 80-1 as the two items 80 and -1; nobody means that.
  const range = /^-([0-9]+)$/.exec(text.slice(last.end));
  const hint = range === null ? '' : `; a range is ${text.slice(0, last.end)}..${range[1]}`;
  return report(scope, 'digitExpected', restFrom(scope, literal.span.start + last.end), { name, hint });
}

export interface IntText {
  readonly value: bigint;
  /** Offset in the literal's text. */
  readonly end: number;
}

/** The integer at an offset of a literal's text; what follows it is the caller's. */
export function intAt(scope: Scope, literal: LiteralText, at: number, name: string): IntText | undefined {
  const start = literal.span.start + at;
  const match = literal.form === 'chunk' ? /^(0x|(?=0)|-?)([0-9A-Fa-f]*)/.exec(literal.text.slice(at)) : null;
  const prefix = match?.[1] ?? '';
  const digits = match?.[2] ?? '';
  if (digits === '') {
    const hint = prefix === '0x' ? '; after 0x come the digits 0-9 and a-f' : numberHint(scope, start, name);
    return report(scope, 'digitExpected', restFrom(scope, start + prefix.length), { name, hint });
  }
  const radix = prefix === '0x' ? 16 : prefix === '' && digits.startsWith('0') ? 8 : 10;
  const end = at + prefix.length + digits.length;
  const place = span(start + (radix === 16 ? 2 : 0), literal.span.start + end);
  const value = parseDigits(digits, radix);
  if (value === undefined)
    return report(scope, 'digitInvalid', place, {
      radix: String(radix),
      cure: cure(radix, digits, literal.text.slice(end)),
    });
  if (radix === 8 && value !== BigInt(digits)) {
    const words = { text: digits, value: String(value), decimal: String(BigInt(digits)) };
    report(scope, 'octalNumber', place, words);
  }
  const signed = prefix === '-' ? -value : value;
  if (signed > GREATEST) return report(scope, 'intTooLarge', place, { radix: String(radix) });
  if (signed < LEAST) return report(scope, 'intTooSmall', place, { radix: String(radix) });
  return { value: signed, end };
}

const DIGITS: Readonly<Record<8 | 10 | 16, RegExp>> = { 8: /^[0-7]+$/, 10: /^[0-9]+$/, 16: /^[0-9A-Fa-f]+$/ };
const PREFIX: Readonly<Record<8 | 10 | 16, string>> = { 8: '0o', 10: '', 16: '0x' };

function parseDigits(digits: string, radix: 8 | 10 | 16): bigint | undefined {
  return DIGITS[radix].test(digits) ? BigInt(PREFIX[radix] + digits) : undefined;
}

function cure(radix: 8 | 10 | 16, digits: string, rest: string): string {
  const decimal = digits.replace(/^0+(?=.)/, '');
  if (radix === 8 && DIGITS[10].test(decimal)) return `a leading 0 means octal; write ${decimal}`;
  return DIGITS[16].test(decimal) && rest === '' ? `hexadecimal numbers begin with 0x: 0x${decimal}` : 'write a number';
}

function restAfterInt(scope: Scope, literal: LiteralText, end: number, inSet: string): undefined {
  const { text } = literal;
  const at = restFrom(scope, literal.span.start + end);
  if (text.startsWith('..', end)) {
    return report(scope, 'restAfterLiteral', at, { cure: `a range stands in a set: \`${inSet} {${text}}\`` });
  }
  return report(scope, 'restAfterLiteral', at, { cure: restCure(text) });
}

function restCure(text: string): string {
  if (/^-0x/.test(text)) return 'negative numbers are decimal';
  if (/^0X[0-9A-Fa-f]+$/.test(text)) return `hexadecimal numbers begin with a small 0x: 0x${text.slice(2)}`;
  return /^0x/.test(text) ? 'after 0x come the digits 0-9 and a-f' : 'an integer has digits only, no point and no unit';
}
