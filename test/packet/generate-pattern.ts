// Random patterns for `matches` and `wildcard`, made around bytes of the values so that some packets match.

import fc from 'fast-check';
import type { Value } from '../../src/language/value';
import { bytes, type Text } from './generate-literal';

/** An unquoted regular expression without quotes in it. */
export function regex(values: readonly Value[]): Text {
  const literal = bytes(values, 'piece').map(value => [...value.subarray(0, 6)].map(escapedByte).join(''));
  const atom = fc.oneof(
    { weight: 4, arbitrary: literal.filter(text => text !== '') },
    { weight: 2, arbitrary: fc.constantFrom('.', '[a-z]', '[^a-z]', '[0-9A-F]', '\\d', '\\w', '\\S', '\\x00') },
    { weight: 1, arbitrary: fc.constantFrom('\\b', '\\B', '^', '$', '[\\x00-\\x1f]', '[[:alpha:]_]') },
  );
  const times = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '*?');
  const repeated = fc.tuple(atom, times).map(([text, count]) => `(?:${text})${count}`);
  const sequence = fc.array(fc.oneof(atom, repeated), { minLength: 1, maxLength: 4 }).map(parts => parts.join(''));
  const alternatives = fc.array(sequence, { minLength: 1, maxLength: 3 }).map(parts => parts.join('|'));
  const flags = fc.constantFrom('', '', '(?i)', '(?s)', '(?m)', '(?is)');
  const [start, end] = [fc.constantFrom('', '', '^'), fc.constantFrom('', '', '$')];
  return fc.tuple(flags, start, alternatives, end).map(([flag, from, inner, to]) => `${flag}${from}(${inner})${to}`);
}

/** Quoted pieces with stars between them, sometimes also around. `?` is an ordinary byte. */
export function wildcard(values: readonly Value[]): Text {
  const piece = bytes(values, 'piece')
    .map(value => [...value.subarray(0, 8)].map(wildcardByte).join(''))
    .map(text => (text === '' ? '?' : text));
  const star = fc.constantFrom('', '*', '*');
  return fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom('""', '"*"') },
    {
      weight: 9,
      arbitrary: fc
        .tuple(star, fc.array(piece, { minLength: 1, maxLength: 3 }), star)
        .map(([from, pieces, to]) => `"${from}${pieces.join('*')}${to}"`),
    },
  );
}

function escapedByte(byte: number): string {
  return /[0-9A-Za-z ]/.test(String.fromCharCode(byte))
    ? String.fromCharCode(byte)
    : `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** Stars and backslashes are the wildcard's to escape, quotes and backslashes the string's. */
function wildcardByte(byte: number): string {
  const sign = String.fromCharCode(byte);
  if (sign === '*') return '\\\\*';
  if (sign === '\\') return '\\\\\\\\';
  return byte >= 0x20 && byte < 0x7f && sign !== '"' ? sign : `\\x${byte.toString(16).padStart(2, '0')}`;
}
