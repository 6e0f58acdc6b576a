// The size of compiled patterns against numbers read off Wirefilter's engine: the least limit that it accepts each with.

import { parseRegex } from '../../../src/language/regex/parse-regex';
import { compiledSize } from '../../../src/language/regex/size';

function size(pattern: string): number {
  const parsed = parseRegex(pattern);
  if (!parsed.ok) throw new Error(parsed.problem);
  return compiledSize(parsed.node);
}

test.each([
  ['[a-z]', 216],
  ['[a-z0-9]', 224],
  ['\\w', 240],
  ['(?i)(get|post|put)', 1020],
  ['a*', 216],
  ['a?', 248],
  ['a{2,}', 248],
  ['a{2,5}', 456],
  ['(ab){2,4}', 512],
  ['(a|b|c)', 216],
  ['x{0}', 176],
  ['a|', 280],
  ['[a&&b]', 208],
  ['a{1000}', 32_144],
  ['.{4079}', 326_464],
  ['(a?){100}', 10_544],
])('%s takes %i bytes', (pattern, wanted) => {
  expect(size(pattern)).toBe(wanted);
});
