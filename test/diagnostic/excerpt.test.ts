// Carets under what they are about, as a terminal shows them.

import { excerpt } from '../../src/diagnostic/excerpt';

test.each<[string, string, number, number, string, string]>([
  ['one line', 'ip.scr == 1', 0, 6, 'ip.scr == 1', '^^^^^^'],
  ['a place between two characters', 'a and', 5, 5, 'a and', '     ^'],
  ['an empty text', '', 0, 0, '', '^'],
  ['the second line of three', 'a or\nb or\nc', 5, 11, 'b or', '^^^^'],
  ['letters of two bytes', '"éé" b', 5, 6, '"éé" b', '     ^'],
  ['wide characters', '"日本" b', 5, 6, '"日本" b', '       ^'],
  ['wide characters under the carets', 'a "日本"', 2, 6, 'a "日本"', '  ^^^^^^'],
  ['emoji of two units', '"😀" b', 5, 6, '"😀" b', '     ^'],
  ['a combining accent', '"e\u0301" b', 5, 6, '"e\u0301" b', '    ^'],
  ['a TAB', 'a\tb', 2, 3, 'a\tb', ' \t^'],
  ['a long line before', `${'x'.repeat(200)} foo`, 201, 204, `…${'x'.repeat(59)} foo`, `${' '.repeat(61)}^^^`],
  ['a long line behind', `foo ${'x'.repeat(200)}`, 0, 3, `foo ${'x'.repeat(156)}…`, '^^^'],
  ['a long span', 'x'.repeat(300), 10, 300, `${'x'.repeat(160)}…`, `${' '.repeat(10)}${'^'.repeat(150)}`],
])('%s', (_, source, start, end, line, carets) => {
  expect(excerpt(source, { start, end })).toEqual({ line, carets });
});
