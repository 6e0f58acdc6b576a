// Wildcards against whole values.

import { wildcardMatcher, wildcardPieces } from '../../src/language/wildcard';

function matches(pattern: string, value: string, strict = false): boolean | string {
  const pieces = wildcardPieces(Buffer.from(pattern));
  if (pieces.kind === 'bad_escape') return `bad escape at ${pieces.position}`;
  return wildcardMatcher(pieces.literals, strict)(Buffer.from(value));
}

test.each([
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['*', 'a\nb', true],
  ['example', 'example.com', false],
  ['*.com', 'example.COM', true],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['*a*b*', 'xxaxxbxx', true],
  ['*b*a*', 'ab', false],
  ['*aab', 'aaab', true],
  ['a*b*b', 'ab', false],
  ['a?c', 'abc', false],
  ['a?c', 'a?c', true],
  ['a\\*c', 'a*c', true],
  ['a\\*c', 'abc', false],
  ['a\\\\c', 'a\\c', true],
  ['É', 'é', false],
  ['a\\b', '', 'bad escape at 1'],
  ['ab\\', '', 'bad escape at 2'],
])('%j on %j: %s', (pattern, value, wanted) => {
  expect(matches(pattern, value)).toBe(wanted);
});

test('a strict wildcard tells capitals from small letters', () => {
  expect(matches('*.COM', 'example.com', true)).toBe(false);
  expect(matches('*.COM', 'example.COM', true)).toBe(true);
});
