// Trees are kept by the types of the tokens: a text read after another of its shape has its own words and places.

import type { Expression, Name } from '../../src/language/ast';
import { parse } from '../../src/language/parse';
import { shape } from './shape';

function parsed(text: string): Expression {
  const result = parse(text);
  if (!result.ok) throw new Error(`${text} is refused: ${result.diagnostics[0]?.code}`);
  return result.ast;
}

interface Word {
  readonly text: string;
  readonly span: { readonly start: number; readonly end: number };
}

/** What a node says that it is spelled as. */
function words(node: unknown): Word[] {
  if (typeof node !== 'object' || node === null) return [];
  const inner = Object.values(node).flatMap(words);
  if ('kind' in node && node.kind === 'name') return [{ text: (node as Name).name, span: (node as Name).span }];
  return 'text' in node && 'span' in node && !('textSpan' in node) ? [node as Word, ...inner] : inner;
}

describe('read after another text of its shape', () => {
  test.each<[string, string, string]>([
    ['a == 1', '  bcd   <   22', '(lt bcd 22)'],
    ['a in {1 2}', 'b in {  3..4 0x5 }', '(in b {3..4 0x5})'],
    ['a in $x', 'b  in  $long.name', '(in b $long.name)'],
    ['a contains r"x"', 'b ==  r#"y"#', '(eq b r#"y"#)'],
    ['any(a)', 'all( bc )', '(all bc)'],
    ['f(a[1], "x") == 2', 'gh(b[0x10],  "yy") != 33', '(ne gh(b[0x10], "yy") 33)'],
    ['not a and (b or c)', '!  aa && ( bb ||  cc)', '(and (not aa) (or bb cc))'],
  ])('%s: %s', (before, text, expected) => {
    parsed(before);
    const { root, source } = parsed(text);
    expect(shape(root)).toBe(expected);
    const spelled = words(root);
    expect(spelled.length).toBeGreaterThan(0);
    expect(spelled.map(({ span }) => source.slice(span.start, span.end))).toEqual(spelled.map(word => word.text));
    expect(source.slice(root.span.start, root.span.end)).toBe(text.trim());
  });
});

test('what was refused is refused again, after more of it was read too', () => {
  const places = ['a == 1 and', 'a == 1', 'a == 1 and', 'bb == 2 and'].map(text => {
    const result = parse(text);
    return result.ok ? 'ok' : result.diagnostics[0]?.span.start;
  });
  expect(places).toEqual([10, 'ok', 10, 11]);
});
