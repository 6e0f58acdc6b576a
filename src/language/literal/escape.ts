// The escapes of a quoted string: \" \\ \xHH and \OOO, and nothing else.

import { span } from '../../diagnostic/span';
import type { LiteralText } from '../ast';
import { report, restFrom, type Scope } from '../scope';

/** The bytes of a quoted literal. */
export function unescapeQuoted(scope: Scope, literal: LiteralText): Uint8Array | undefined {
  const inner = literal.text.slice(1, -1);
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (;;) {
    const backslash = inner.indexOf('\\', from);
    if (backslash < 0) break;
    pieces.push(Buffer.from(inner.slice(from, backslash)));
    const read = escapeAt(scope, literal.span.start + 1 + backslash);
    if (read === undefined) return undefined;
    pieces.push(Uint8Array.of(read.byte));
    from = backslash + read.length;
  }
  pieces.push(Buffer.from(inner.slice(from)));
  return Buffer.concat(pieces);
}

interface Escape {
  readonly byte: number;
  /** The backslash included. */
  readonly length: number;
}

function escapeAt(scope: Scope, at: number): Escape | undefined {
  const sign = scope.source.charAt(at + 1);
  if (sign === '"' || sign === '\\') return { byte: sign.charCodeAt(0), length: 2 };
  if (sign === 'x') return digits(scope, at + 2, 2, 16);
  if (/[0-7]/.test(sign)) return digits(scope, at + 1, 3, 8);
  const width = String.fromCodePoint(scope.source.codePointAt(at + 1) ?? 0).length;
  return report(scope, 'escapeInvalid', span(at + 1, at + 1 + width));
}

const DIGITS: Readonly<Record<8 | 16, RegExp>> = { 8: /^[0-7]{3}$/, 16: /^[0-9A-Fa-f]{2}$/ };

function digits(scope: Scope, start: number, expected: 2 | 3, radix: 8 | 16): Escape | undefined {
  const text = scope.source.slice(start, Math.min(start + expected, scope.extent.end));
  if (text.length < expected) {
    const words = { expected: String(expected), found: String(text.length) };
    return report(scope, 'escapeCut', restFrom(scope, start), words);
  }
  const byte = DIGITS[radix].test(text) ? Number.parseInt(text, radix) : undefined;
  if (byte !== undefined && byte <= 255) return { byte, length: expected + (radix === 16 ? 2 : 1) };
  const problem = byte === undefined ? 'invalid digit found in string' : 'number too large to fit in target type';
  return report(scope, 'escapeDigits', span(start, start + expected), { problem, radix: String(radix) });
}
