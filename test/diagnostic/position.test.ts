// Places as Wirefilter counts them.

import { positionOf } from '../../src/diagnostic/position';

test.each([
  ['the beginning', 'abc', 0, 1, { line: 1, column: 1, length: 1, lineText: 'abc' }],
  ['the end', 'abc', 3, 3, { line: 1, column: 4, length: 0, lineText: 'abc' }],
  ['bytes before it, not characters', 'é€x', 2, 3, { line: 1, column: 6, length: 1, lineText: 'é€x' }],
  ['bytes in it', 'aé', 1, 2, { line: 1, column: 2, length: 2, lineText: 'aé' }],
  ['the second line', 'ab\ncde\nf', 4, 6, { line: 2, column: 2, length: 2, lineText: 'cde' }],
  ['no further than its line', 'ab\ncde', 1, 6, { line: 1, column: 2, length: 1, lineText: 'ab' }],
  ['a line feed itself', 'ab\ncd', 2, 3, { line: 1, column: 3, length: 0, lineText: 'ab' }],
  ['an empty text', '', 0, 0, { line: 1, column: 1, length: 0, lineText: '' }],
])('a span counts %s', (_, source, start, end, position) => {
  expect(positionOf(source, { start, end })).toEqual(position);
});
