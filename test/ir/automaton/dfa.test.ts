// Automata against written-out answers, and against RE2 on random patterns and texts.

import fc from 'fast-check';
import { dfaOf, dfaWithin } from '../../../src/ir/automaton/determine';
import { AUTOMATON_LIMITS, accepts } from '../../../src/ir/automaton/dfa';
import { orderDfa } from '../../../src/ir/automaton/order';
import { literalPattern, regexPattern, wildcardLiterals, wildcardPattern } from '../../../src/ir/automaton/pattern';
import { searchDfa } from '../../../src/ir/automaton/search';
import { compileRegex } from '../../../src/language/regex/compile';
import type { Assertion, RegexNode } from '../../../src/language/regex/node';

const NOTHING = new Uint8Array(0);

function found(pattern: RegexNode, text: string): boolean {
  const dfa = dfaOf(pattern);
  if (dfa === undefined) throw new Error('beyond the limits');
  return accepts(dfa, Buffer.from(text, 'latin1'));
}

describe('a literal anywhere', () => {
  test.each<[string, string, boolean]>([
    ['ab', 'ab', true],
    ['ab', 'aab', true],
    ['ab', 'xxabxx', true],
    ['ab', 'a', false],
    ['ab', '', false],
    ['aab', 'aaab', true],
    ['abab', 'abaabab', true],
    ['\x00\xff', 'a\x00\xffb', true],
    ['\x00\xff', '\xff\x00', false],
  ])('%j in %j: %s', (literal, text, expected) => {
    const bytes = Buffer.from(literal, 'latin1');
    expect(found(literalPattern(bytes), text)).toBe(expected);
    expect(accepts(searchDfa([NOTHING, bytes, NOTHING], false), Buffer.from(text, 'latin1'))).toBe(expected);
  });

  test('of n bytes has n + 1 states', () => {
    expect(dfaOf(literalPattern(Buffer.from('abcdefgh')))?.matchesAtEnd).toHaveLength(9);
  });
});

describe('a wildcard over the whole text', () => {
  test.each<[string, boolean, string, boolean]>([
    ['a*b', true, 'ab', true],
    ['a*b', true, 'axxb', true],
    ['a*b', true, 'axxbc', false],
    ['a*b', true, 'xab', false],
    ['a*b', true, 'A--B', false],
    ['a*b', false, 'A--B', true],
    ['*', true, '', true],
    ['*', true, 'anything\n\x00', true],
    ['', true, '', true],
    ['', true, 'a', false],
    ['a?c', true, 'abc', false],
    ['a?c', true, 'a?c', true],
    ['a\\*c', true, 'a*c', true],
    ['a\\*c', true, 'abc', false],
    ['*ab*ba*', true, 'aba', false],
    ['*ab*ba*', true, 'abba', true],
    ['\xe9', false, '\xc9', false],
  ])('%j (strict: %s) of %j: %s', (wildcard, strict, text, expected) => {
    const bytes = Buffer.from(wildcard, 'latin1');
    expect(found(wildcardPattern(bytes, strict), text)).toBe(expected);
    expect(accepts(searchDfa(wildcardLiterals(bytes), !strict), Buffer.from(text, 'latin1'))).toBe(expected);
  });

  test('made directly judges as the one of subset construction', () => {
    const letters = { unit: fc.constantFrom('a', 'A', 'b', '*', '\xff') };
    const samples = fc.array(fc.string({ unit: fc.constantFrom('a', 'A', 'b', '\xff', 'x'), maxLength: 12 }));
    fc.assert(
      fc.property(fc.string({ ...letters, maxLength: 9 }), fc.boolean(), samples, (wildcard, strict, texts) => {
        const bytes = Buffer.from(wildcard, 'latin1');
        const direct = searchDfa(wildcardLiterals(bytes), !strict);
        for (const text of texts) {
          const judged = accepts(direct, Buffer.from(text, 'latin1'));
          expect([text, judged]).toEqual([text, found(wildcardPattern(bytes, strict), text)]);
        }
      }),
    );
  });
});

describe('a regular expression', () => {
  test.each<[string, string, boolean]>([
    ['', '', true],
    ['a', 'xay', true],
    ['^a', 'xa', false],
    ['^a', 'ax', true],
    ['a$', 'xa', true],
    ['a$', 'ax', false],
    ['a$', 'a\n', false],
    ['(?m)a$', 'a\n', true],
    ['(?m)^a', 'x\na', true],
    ['^a', 'x\na', false],
    ['^$', '', true],
    ['^$', 'a', false],
    ['a.c', 'a\nc', false],
    ['(?s)a.c', 'a\nc', true],
    ['\\bfoo\\b', 'a foo b', true],
    ['\\bfoo\\b', 'afoo', false],
    ['\\bfoo\\b', 'foo', true],
    ['\\Bfoo', 'foo', false],
    ['\\Bfoo', 'xfoo', true],
    ['a{2,3}b', 'ab', false],
    ['a{2,3}b', 'aaaab', true],
    ['^a{2,3}b', 'aaaab', false],
    ['(a|bc)*d', 'abcbcad', true],
    ['[^a]', 'aaa', false],
    ['[^a]', 'aa\xff', true],
    ['(?i)Ab', 'aB', true],
    ['a*', 'b', true],
    ['^(a*)*$', 'aaab', false],
    ['$^', '', true],
    ['a|', 'b', true],
  ])('%j on %j: %s', (pattern, text, expected) => {
    expect(found(regexPattern(pattern), text)).toBe(expected);
  });
});

describe('the rows of literals are as many as their bytes', () => {
  test.each<[string, readonly string[], number]>([
    ['one that repeats itself', ['', 'a'.repeat(4000), ''], 4001],
    ['one that does not', ['', 'abcdefgh', ''], 9],
    ['every byte', ['', String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i)), ''], 257],
    ['many between stars', ['', ...Array.from({ length: 1300 }, (_, i) => `a${i % 10}`), ''], 2601],
    ['an end', ['', 'aab'], 5],
    ['a beginning, and where it is missed', ['aab', ''], 5],
    ['the whole text, and where it is missed', ['aab'], 6],
    ['nothing', ['', ''], 2],
  ])('%s', (_, literals, states) => {
    const dfa = searchDfa(
      literals.map(literal => Buffer.from(literal, 'latin1')),
      false,
    );
    expect([dfa.matchesAtEnd.length, dfa.next.length]).toEqual([states, states * dfa.classCount]);
    expect(Math.max(...dfa.classes)).toBe(dfa.classCount - 1);
    expect(dfa.next.filter(state => state < 0 || state >= states)).toEqual([]);
  });
});

describe('what comes before a text', () => {
  test.each<[string, string, boolean]>([
    ['b', '', true],
    ['b', 'a', true],
    ['b', 'az', true],
    ['b', 'b', false],
    ['b', 'ba', false],
    ['b', 'c', false],
    ['ab\x00', 'ab', true],
    ['ab\x00', 'ab\x00', false],
    ['ab\xff', 'ab\xfe\xff', true],
    ['ab\xff', 'b', false],
    ['\xff\xff', '\xff', true],
    ['\x00', '', true],
    ['\x00', '\x00', false],
  ])('%j: %j %s', (literal, text, expected) => {
    expect(accepts(orderDfa(Buffer.from(literal, 'latin1')), Buffer.from(text, 'latin1'))).toBe(expected);
  });

  test('is what Buffer.compare says', () => {
    const bytes = fc.uint8Array({ maxLength: 6 }).map(each => each.map(byte => (byte < 128 ? byte % 3 : byte)));
    fc.assert(
      fc.property(bytes, bytes, (literal, text) => {
        fc.pre(literal.length > 0);
        expect(accepts(orderDfa(literal), text)).toBe(Buffer.compare(text, literal) < 0);
      }),
    );
  });
});

test('after a gap of any bytes what came before is forgotten', () => {
  const gaps = Array.from({ length: 50 }, (_, i) => `a${String.fromCharCode(0x62 + (i % 20))}`).join('.*');
  expect(dfaOf(regexPattern(`(?s)${gaps}`))?.matchesAtEnd).toHaveLength(101);
});

test('a pattern whose automaton would be too large gives none, soon', () => {
  expect(dfaOf(regexPattern('(a|b).{40}(c|d)'))).toBeUndefined();
  expect(dfaOf(regexPattern('(.{100}){200}'))).toBeUndefined();
  const { dfa, steps } = dfaWithin(regexPattern('(.{100}){90}'), AUTOMATON_LIMITS);
  expect(dfa).toBeUndefined();
  // One state's sets more than the limit at the most.
  expect(steps).toBeLessThan(AUTOMATON_LIMITS.steps + 2 * 9000);
});

test('what RE2 finds the automaton finds, and nothing else', () => {
  const bytes = fc
    .array(fc.tuple(fc.constantFrom(0x0a, 0x20, 0x61, 0x62, 0x7a), fc.nat(2)), { minLength: 1, maxLength: 2 })
    .map(ranges => ({
      kind: 'bytes' as const,
      set: ranges.map(([from, more]) => ({ from, to: from + more })).slice(0, 1),
    }));
  const assertion = fc
    .constantFrom<Assertion>('text_start', 'text_end', 'line_start', 'line_end', 'word_boundary', 'no_word_boundary')
    .map(which => ({ kind: 'assertion' as const, assertion: which }));
  const { node } = fc.letrec<{ node: RegexNode }>(tie => ({
    node: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      bytes,
      assertion,
      fc.array(tie('node'), { maxLength: 3 }).map(parts => ({ kind: 'sequence' as const, parts })),
      fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map(parts => ({ kind: 'choice' as const, parts })),
      fc.tuple(tie('node'), fc.nat(2), fc.option(fc.nat(2), { nil: undefined })).map(([part, least, more]) => ({
        kind: 'repeat' as const,
        part,
        least,
        most: more === undefined ? undefined : least + more,
      })),
    ),
  }));
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'z', ' ', '\n'), maxLength: 8 });
  fc.assert(
    fc.property(node, fc.array(text, { minLength: 1, maxLength: 5 }), (pattern, texts) => {
      const dfa = dfaOf(pattern);
      fc.pre(dfa !== undefined);
      const matcher = compileRegex(pattern);
      for (const each of texts) {
        expect([each, dfa && accepts(dfa, Buffer.from(each, 'latin1'))]).toEqual([each, matcher(each)]);
      }
    }),
  );
});

test('as people write patterns: what RE2 finds in any bytes the automaton finds, and nothing else', () => {
  const atom = fc.constantFrom(
    ...[
      'a',
      'B',
      'é',
      '.',
      '\\.',
      '\\d',
      '\\W',
      '\\s',
      '\\x00',
      '\\xe9',
      '\\x{e9}',
      '^',
      '$',
      '\\b',
      '\\B',
      '\\A',
      '\\z',
    ],
    ...['[a-c]', '[^a]', '[\\x80-\\xff]', '[a-z&&[^b]]', '[[:alpha:]]', '[[:^lower:]]', '[\\w--b]', '[]a]', '(?:)'],
    ...['(?i:k)', '(?s:.)', '(?m:^)', '(?m:$)', '(?u:.)', '(?u:é)', '(?iu:k)', '(?u:[à-ï])', '(?u:\\p{Greek})'],
  );
  const count = fc.constantFrom('', '', '', '*', '+', '?', '??', '{2}', '{0,2}', '{1,}', '{0}');
  const { pattern } = fc.letrec<{ pattern: string }>(tie => ({
    pattern: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.array(fc.tuple(atom, count), { maxLength: 4 }).map(parts => parts.map(([one, many]) => one + many).join('')),
      fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `${left}|${right}`),
      fc.tuple(tie('pattern'), count, tie('pattern')).map(([inner, many, after]) => `(${inner})${many}${after}`),
    ),
  }));
  const flags = fc.constantFrom('', '', '(?i)', '(?s)', '(?m)', '(?is-m)');
  const piece = fc.constantFrom('a', 'b', 'B', 'k', 'K', '1', ' ', '\n', '\0', 'é', 'É', '\u212a', '\xe9');
  // Half of a character's UTF-8 too.
  const bytes = fc.oneof(
    fc.string({ unit: piece, maxLength: 6 }).map(text => Buffer.from(text)),
    fc.string({ unit: piece, maxLength: 6 }).map(text => Buffer.from(text, 'latin1')),
    fc.uint8Array({ maxLength: 6 }).map(array => Buffer.from(array)),
  );
  fc.assert(
    fc.property(flags, pattern, fc.array(bytes, { minLength: 1, maxLength: 5 }), (set, source, texts) => {
      const node = regexPattern(set + source);
      const dfa = dfaOf(node);
      fc.pre(dfa !== undefined);
      const matcher = compileRegex(node);
      for (const each of texts) {
        const latin1 = each.toString('latin1');
        expect([latin1, dfa && accepts(dfa, each)]).toEqual([latin1, matcher(latin1)]);
      }
    }),
    { numRuns: fc.readConfigureGlobal()?.numRuns ?? 500 },
  );
});
