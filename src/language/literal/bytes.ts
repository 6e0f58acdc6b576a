// Strings and byte strings, which are one type: "…" with escapes, r"…" without, and 61:62 in hexadecimal pairs. Text
// stands for its UTF-8 bytes; escapes may make it any bytes.

import type { Words } from '../../diagnostic/diagnostic';
import { span } from '../../diagnostic/span';
import type { LiteralText } from '../ast';
import { rawContent } from '../raw-string';
import { report, restFrom, type Scope } from '../scope';
import type { BytesLiteral } from '../typed-ast';
import { unescapeQuoted } from './escape';
import { bytesCure } from './hint';

export function readBytes(scope: Scope, literal: LiteralText, inSet = false): BytesLiteral | undefined {
  switch (literal.form) {
    case 'raw':
      return { kind: 'bytes', value: Buffer.from(rawContent(literal.text)), form: 'raw', span: literal.span };
    case 'quoted': {
      const value = unescapeQuoted(scope, literal);
      return value && { kind: 'bytes', value, form: 'quoted', span: literal.span };
    }
    case 'chunk': {
      const read = byteString(scope, literal);
      if (read === undefined) return undefined;
      const end = literal.span.start + read.end;
      if (end === literal.span.end)
        return { kind: 'bytes', value: read.value, form: 'byte_string', span: literal.span };
      return inSet
        ? report(scope, 'byteInvalid', span(end, end + 2), { cure: bytesCure(literal.text) })
        : report(scope, 'restAfterLiteral', restFrom(scope, end), { cure: 'a byte string ends here: pairs of digits' });
    }
  }
}

/** Pairs of hexadecimal digits with : - or . between them; at least two. `end` is an offset in the literal's text. */
export function byteString(scope: Scope, literal: LiteralText): { value: Uint8Array; end: number } | undefined {
  const { text } = literal;
  const { start } = literal.span;
  if (text === '') return missingBytes(scope, start);
  if (text.startsWith('r')) return report(scope, 'rawQuoteExpected', restFrom(scope, start + 1));
  const bytes: number[] = [];
  for (let at = 0; ; at += 3) {
    const digits = text.slice(at, at + 2);
    if (!/^[0-9A-Fa-f]{2}$/.test(digits)) return badByte(scope, literal, at);
    bytes.push(Number.parseInt(digits, 16));
    if (/^[:.-]/.test(text.slice(at + 2))) continue;
    if (bytes.length > 1) return { value: Uint8Array.from(bytes), end: at + 2 };
    if (start + 2 >= scope.extent.end) return report(scope, 'byteCut', restFrom(scope, start + 2), count(1, 0, text));
    return report(scope, 'byteSeparator', span(start + 2, start + 3), { corrected: `"${text}"` });
  }
}

function badByte(scope: Scope, literal: LiteralText, at: number): undefined {
  const start = literal.span.start + at;
  const left = scope.extent.end - start;
  if (left < 2) return report(scope, 'byteCut', restFrom(scope, start), count(2, left, literal.text));
  return report(scope, 'byteInvalid', span(start, start + 2), { cure: bytesCure(literal.text) });
}

function count(expected: number, found: number, text: string): Words {
  return { expected: String(expected), found: String(found), corrected: `"${text}"` };
}

/** The literal could not even be read as a chunk: the end of the text, or a sign that begins no literal. */
function missingBytes(scope: Scope, at: number): undefined {
  const rest = scope.source.slice(at, scope.extent.end);
  if (rest === '') return report(scope, 'bytesMissing', restFrom(scope, at));
  // The parser has said what is wrong with the quotes.
  if (/^(?:"|r["#])/.test(rest)) return undefined;
  if (rest.length < 2) return report(scope, 'byteCut', restFrom(scope, at), count(2, rest.length, '…'));
  const word = /^'([^']*)'|^`([^`]*)`/.exec(rest);
  return report(scope, 'byteInvalid', span(at, at + 2), { cure: bytesCure(word?.[1] ?? word?.[2] ?? '…') });
}
