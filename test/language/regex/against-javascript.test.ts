// Where Rust's syntax and JavaScript's mean the same, the two engines give one answer.

import fc from 'fast-check';
import { checkRegex, compileRegex } from '../../../src/language/regex/compile';
import { wildcardMatcher, wildcardPieces } from '../../../src/language/wildcard';

const runs = { numRuns: fc.readConfigureGlobal()?.numRuns ?? 2000 };

const atom = fc.constantFrom(
  'a',
  'b',
  '1',
  ' ',
  '.',
  '[ab]',
  '[^a]',
  '[a-b1]',
  '\\d',
  '\\W',
  '\\x61',
  '(?:)',
  '^',
  '$',
  '\\b',
  '\\B',
);
const count = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '*?', '+?');
/** A count after an assertion is no JavaScript. */
const counted = fc.tuple(atom, count).map(([one, many]) => (/^(?:\^|\$|\\[bB])$/.test(one) ? one : one + many));

const { pattern } = fc.letrec<{ pattern: string }>(tie => ({
  pattern: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'pattern' },
    fc.array(counted, { maxLength: 4 }).map(parts => parts.join('')),
    fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `${left}|${right}`),
    fc.tuple(tie('pattern'), count, tie('pattern')).map(([inner, many, after]) => `(${inner})${many}${after}`),
  ),
}));

const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', 'A'), maxLength: 8 });

test('a pattern matches as it does in JavaScript', () => {
  fc.assert(
    fc.property(pattern, text, (source, value) => {
      const checked = checkRegex(source, 10 * 1024 * 1024);
      if (checked.kind !== 'regex') throw new Error(`${source} is refused`);
      expect(compileRegex(checked.node)(value)).toBe(new RegExp(source).test(value));
    }),
    runs,
  );
});

test('a pattern matches as it does in JavaScript without regard to case and over lines', () => {
  fc.assert(
    fc.property(pattern, text, text, (source, first, second) => {
      const checked = checkRegex(`(?im)${source}`, 10 * 1024 * 1024);
      if (checked.kind !== 'regex') throw new Error(`${source} is refused`);
      const value = `${first}\n${second}`;
      expect(compileRegex(checked.node)(value)).toBe(new RegExp(source, 'im').test(value));
    }),
    runs,
  );
});

test('a wildcard matches as the regular expression with .* for its stars', () => {
  const sign = fc.constantFrom('a', 'b', 'A', '*', '\\*', '\\\\', '?', '.');
  const wildcard = fc.array(sign, { maxLength: 7 }).map(signs => signs.join('').replace(/(?<!\\)\*(?:\*)+/g, '*'));
  const value = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '*', '\\', '?', '\n'), maxLength: 8 });
  fc.assert(
    fc.property(wildcard, value, fc.boolean(), (source, against, strict) => {
      const pieces = wildcardPieces(Buffer.from(source));
      if (pieces.kind !== 'pieces') throw new Error(`${source} is refused`);
      const expression = source.replace(/\\\\|\\\*|\*|[?.]/g, part => (part === '*' ? '[^]*' : `\\${part.at(-1)}`));
      const wanted = new RegExp(`^${expression}$`, strict ? '' : 'i').test(against);
      expect(wildcardMatcher(pieces.literals, strict)(Buffer.from(against))).toBe(wanted);
    }),
    runs,
  );
});
