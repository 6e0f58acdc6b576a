// The literals of patterns against written-out ones, and against RE2: what it finds has one of them in it.

import fc from 'fast-check';
import { literalPattern, regexPattern, wildcardPattern } from '../../../src/ir/automaton/pattern';
import { type Literal, requiredLiterals } from '../../../src/ir/automaton/required-literals';
import { compileRegex } from '../../../src/language/regex/compile';
import type { RegexNode } from '../../../src/language/regex/node';

/** A byte of which bits are open as its value and, behind a slash, its mask. */
function said(pattern: RegexNode): string {
  const found = requiredLiterals(pattern);
  if (found === undefined) return 'none';
  const groups = found.groups.map(literals => literals.map(saidLiteral).join(' or '));
  return `${groups.join(' and ')}${found.suffice ? ' decides' : ''}`;
}

function saidLiteral({ bytes }: Literal): string {
  return bytes
    .map(({ value, mask }) =>
      mask === 0xff ? String.fromCharCode(value) : `<${value.toString(16)}/${mask.toString(16)}>`,
    )
    .join('');
}

test.each<[string, string]>([
  ['xyzzy', 'xyzzy decides'],
  ['x', 'x decides'],
  ['(?s).*xyzzy.*', 'xyzzy'],
  ['(?s)^.*xyzzy.*$', 'xyzzy decides'],
  ['(?s)^.*$', 'none'],
  ['(?s)^.*xyzzy', 'xyzzy decides'],
  ['(?s)xyzzy.*$', 'xyzzy decides'],
  ['^xyzzy', 'xyzzy'],
  ['xyzzy$', 'xyzzy'],
  ['\\bxyzzy', 'xyzzy'],
  ['(?m)^xyzzy', 'xyzzy'],
  ['abcdefghijklmnop', 'abcdefghijklmnop decides'],
  ['abcdefghijklmnopQ', 'abcdefghijklmnop'],
  ['xyz|plugh', 'xyz or plugh decides'],
  ['xyz|^plugh', 'xyz or plugh'],
  ['xyz|plugh|', 'none'],
  ['xyz|plugh*', 'xyz or plug'],
  ['a(?:Qu|Ux)b', 'Qu or Ux'],
  ['(?:qq|[^q]Q)Z', 'Z'],
  ['Q[0-9]Z', 'Q<30/f0>Z'],
  ['Q[0-9]{3}', 'Q<30/f0><30/f0><30/f0>'],
  ['ab{2}c', 'abbc decides'],
  ['ab+c', 'ab'],
  ['eb{2,}c', 'ebb'],
  ['ab?c', 'c'],
  ['ab?', 'none'],
  ['GET /[^ ]*\\.php', 'GET / and .php'],
  ['(?s)user=.*pass=.*QQ.*ZZ', 'QQ and ZZ and user='],
  ['(?:foo|bar).*(?:QQ|ZZ)', 'QQ or ZZ and foo or bar'],
  ['[0-9]{4}-[0-9]{4}', '<30/f0><30/f0><30/f0><30/f0>-<30/f0><30/f0><30/f0><30/f0>'],
  ['x{16}', 'xxxxxxxxxxxxxxxx decides'],
  ['x{17}', 'xxxxxxxxxxxxxxxx'],
  ['x{0}', 'none'],
  ['x{0}y', 'y decides'],
  ['(?:QZ){2,}', 'QZ'],
  ['(?:QZ)*', 'none'],
  ['(?:QZ)?a', 'none'],
  ['(?i)xy1', '<58/df><59/df>1 decides'],
  ['[xX][yY]', '<58/df><59/df> decides'],
  ['[x-z]', 'none'],
  ['.*', 'none'],
  ['.', 'none'],
  ['[a-z]', 'none'],
  ['[a-z]+@[a-z]+\\.example\\.com', '.example.com'],
  ['', 'none'],
])('%s requires %s', (regex, expected) => {
  expect(said(regexPattern(regex))).toBe(expected);
});

test.each<[string, boolean, string]>([
  ['*xyzzy*', true, 'xyzzy decides'],
  ['*xyZ2*', false, '<58/df><59/df><5a/df>2 decides'],
  ['*', true, 'none'],
  ['**', true, 'none'],
  ['', true, 'none'],
  ['xyzzy', true, 'xyzzy'],
  ['xyzzy*', true, 'xyzzy'],
  ['*xyzzy', true, 'xyzzy'],
  ['*aaaa*ZQ*', true, 'ZQ and aaaa'],
])('wildcard %j (strict %s) requires %s', (wildcard, strict, expected) => {
  expect(said(wildcardPattern(Buffer.from(wildcard), strict))).toBe(expected);
});

test.each<[string, readonly [number, number]]>([
  ['x', [0, 0]],
  ['ab', [0, 1]],
  ['eeqeeQ', [2, 5]],
  ['\x00\x00a\x00', [0, 2]],
  ['GET /', [0, 1]],
  ['\x00\xff\x00\xfe', [1, 3]],
  ['abcdefghijklmnoZ', [1, 15]],
])('the rarest bytes of %j are at %j', (literal, expected) => {
  const found = requiredLiterals(literalPattern(Buffer.from(literal, 'latin1')));
  expect(found?.groups[0]?.[0]?.rarest).toEqual(expected);
});

test('a literal of more than 16 bytes is pieces, which all have to be there', () => {
  expect(said(literalPattern(Buffer.from(`${'e'.repeat(16)}eeeeeeQeeeeeeeZe${'e'.repeat(9)}`)))).toBe(
    'eeeeeeQeeeeeeeZe and eeeeeeeeeeeeeeee and eeeeeeeee',
  );
});

test('nine literals are too many', () => {
  const words = Array.from({ length: 9 }, (_, i) => `word${i}`);
  expect(said(regexPattern(words.slice(1).join('|')))).toBe(`${words.slice(1).join(' or ')} decides`);
  expect(said(regexPattern(words.join('|')))).toBe('none');
});

test('what RE2 finds has one of them in it, and where they decide what has one RE2 finds', () => {
  const atom = fc.constantFrom('Q', 'Z', 'q', 'e', '[QZ]', '[P-S]', '.', '(?i:q)', '^', '$', '\\b', '(?s:.*)', '(?:)');
  const count = fc.constantFrom('', '', '', '', '*', '+', '?', '{2}', '{0,2}');
  const { pattern } = fc.letrec<{ pattern: string }>(tie => ({
    pattern: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.array(fc.tuple(atom, count), { maxLength: 4 }).map(parts => parts.map(([one, many]) => one + many).join('')),
      fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `${left}|${right}`),
      fc.tuple(tie('pattern'), count, tie('pattern')).map(([inner, many, after]) => `(${inner})${many}${after}`),
    ),
  }));
  const text = fc.string({ unit: fc.constantFrom('Q', 'Z', 'q', 'e', 'P', '\n'), maxLength: 8 });
  let [required, decided] = [0, 0];
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 8 }), (source, texts) => {
      const node = regexPattern(source);
      const found = requiredLiterals(node);
      fc.pre(found !== undefined);
      required++;
      const matcher = compileRegex(node);
      for (const each of texts) {
        const there =
          found?.groups.every(group => group.some(one => stands(one, Buffer.from(each, 'latin1')))) ?? false;
        if (matcher(each)) expect([each, there]).toEqual([each, true]);
        if (found?.suffice && there) expect([each, matcher(each)]).toEqual([each, true]);
        if (found?.suffice && there) decided++;
      }
    }),
    { numRuns: fc.readConfigureGlobal()?.numRuns ?? 500 },
  );
  expect(required).toBeGreaterThan(100);
  expect(decided).toBeGreaterThan(0);
});

function stands({ bytes }: Literal, text: Uint8Array): boolean {
  return Array.from(text.keys()).some(at =>
    bytes.every(({ value, mask }, i) => {
      const byte = text[at + i];
      return byte !== undefined && (byte & mask) === value;
    }),
  );
}
