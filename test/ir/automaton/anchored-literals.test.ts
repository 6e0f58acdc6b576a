// What patterns say of the beginning and the end of a text against written-out answers, and against RE2.

import fc from 'fast-check';
import { type AnchoredLiterals, anchoredLiterals } from '../../../src/ir/automaton/anchored-literals';
import type { LiteralByte } from '../../../src/ir/automaton/literal-byte';
import { regexPattern, wildcardPattern } from '../../../src/ir/automaton/pattern';
import { compileRegex } from '../../../src/language/regex/compile';
import type { RegexNode } from '../../../src/language/regex/node';

/** Beginning and end with dots between; a byte of which bits are open as its value and its mask. */
function said(pattern: RegexNode): string {
  const found = anchoredLiterals(pattern);
  return (
    found?.map(({ start, end, whole }) => `${text(start)}${whole ? '' : '...'}${text(end)}`).join(' or ') ?? 'more'
  );
}

function text(literal: readonly LiteralByte[]): string {
  return literal
    .map(({ value, mask }) =>
      mask === 0xff ? String.fromCharCode(value) : `<${value.toString(16)}/${mask.toString(16)}>`,
    )
    .join('');
}

test.each<[string, string]>([
  ['^GET /', 'GET /...'],
  ['\\.exe$', '....exe'],
  ['^abc$', 'abc'],
  ['^$', ''],
  ['^', '...'],
  ['$', '...'],
  ['', '...'],
  ['abc', 'more'],
  ['(?s)^.*$', '...'],
  ['(?s).*', '...'],
  ['(?s).*abc$', '...abc'],
  ['(?s)^abc.*', 'abc...'],
  ['(?s)^ab.*yz$', 'ab...yz'],
  ['(?s)^ab.*yz', 'more'],
  ['(?s)ab.*yz$', 'more'],
  ['(?s)^ab.*.*yz$', 'ab...yz'],
  ['(?s)^ab.*m.*yz$', 'more'],
  ['^ab.*yz$', 'more'],
  ['(?s)^ab.+yz$', 'more'],
  ['(?s)^ab.yz$', 'ab<0/0>yz'],
  ['(?m)^ab', 'more'],
  ['ab\\b$', 'more'],
  ['a^b', 'more'],
  ['^a^', 'more'],
  ['a$b', 'more'],
  ['$^', 'more'],
  ['^a{3}$', 'aaa'],
  ['^(?:ab){2}', 'abab...'],
  ['^a{2,3}', 'more'],
  ['^a+', 'more'],
  ['^[aA]b', '<41/df>b...'],
  ['(?i)^ab1', '<41/df><42/df>1...'],
  ['^[ab]', 'more'],
  ['^[`a]', '<60/fe>...'],
  ['(?:abc|xy)$', '...abc or ...xy'],
  ['^abc|xy$', 'abc... or ...xy'],
  ['^(?:abc|xy|)$', 'abc or xy or '],
  ['^abc|xy', 'more'],
  ['^(?:a|b)(?:c|d)', 'more'],
  [`^${'a'.repeat(256)}`, `${'a'.repeat(256)}...`],
  [`^${'a'.repeat(257)}`, 'more'],
])('%s: %s', (regex, expected) => {
  expect(said(regexPattern(regex))).toBe(expected);
});

test.each<[string, boolean, string]>([
  ['ab*', true, 'ab...'],
  ['*yz', true, '...yz'],
  ['ab*yz', true, 'ab...yz'],
  ['ab', true, 'ab'],
  ['*', true, '...'],
  ['', true, ''],
  ['a1*', false, '<41/df>1...'],
  ['*m*', true, 'more'],
  ['a*m*z', true, 'more'],
])('wildcard %j (strict %s): %s', (wildcard, strict, expected) => {
  expect(said(wildcardPattern(Buffer.from(wildcard), strict))).toBe(expected);
});

test('they hold of what RE2 finds, and of nothing else', () => {
  const atom = fc.constantFrom(
    'Q',
    'Z',
    'q',
    '[Qq]',
    '[Q-S]',
    '.',
    '(?i:q)',
    '(?s:.*)',
    '(?s:.)',
    '(?:)',
    '\\b',
    '^',
    '$',
  );
  const count = fc.constantFrom('', '', '', '', '{2}', '+', '{0}');
  const inside = fc
    .array(fc.tuple(atom, count), { maxLength: 4 })
    .map(parts => parts.map(part => part.join('')).join(''));
  const [start, end] = [fc.constantFrom('', '^', '(?s)^.*'), fc.constantFrom('', '$', '(?s:.*)$')];
  const one = fc.tuple(start, inside, end).map(parts => parts.join(''));
  const pattern = fc.oneof(
    one,
    fc.tuple(one, one).map(([left, right]) => `${left}|${right}`),
  );
  const text = fc.string({ unit: fc.constantFrom('Q', 'Z', 'q', 'P', '\n'), maxLength: 6 });
  let [known, held] = [0, 0];
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 8 }), (source, texts) => {
      const node = regexPattern(source);
      const found = anchoredLiterals(node);
      fc.pre(found !== undefined);
      known++;
      const matcher = compileRegex(node);
      for (const each of texts) {
        const holds = found?.some(literals => holdsOf(literals, Buffer.from(each, 'latin1')));
        expect([source, each, holds]).toEqual([source, each, matcher(each)]);
        if (holds) held++;
      }
    }),
    { numRuns: fc.readConfigureGlobal()?.numRuns ?? 500 },
  );
  expect(known).toBeGreaterThan(100);
  expect(held).toBeGreaterThan(50);
});

function holdsOf({ start, end, whole }: AnchoredLiterals, text: Uint8Array): boolean {
  const least = start.length + end.length;
  if (whole ? text.length !== least : text.length < least) return false;
  const agrees = (literal: readonly LiteralByte[], from: number) =>
    literal.every(({ value, mask }, i) => ((text[from + i] as number) & mask) === value);
  return agrees(start, 0) && agrees(end, text.length - end.length);
}
