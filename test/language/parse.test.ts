// From text to AST: precedence, associativity, spellings, and what counts as white space.

import { parse } from '../../src/language/parse';
import { shape } from './shape';

function parsed(text: string): string {
  const result = parse(text);
  return result.ok ? shape(result.ast.root) : `${result.diagnostics[0]?.code} at ${result.diagnostics[0]?.span.start}`;
}

describe('precedence, from high to low: comparison, not, and, xor, or', () => {
  test.each([
    ['a or b and c', '(or a (and b c))'],
    ['a and b or c', '(or (and a b) c)'],
    ['a or b xor c', '(or a (xor b c))'],
    ['a xor b and c', '(xor a (and b c))'],
    ['a or b and c xor d', '(or a (xor (and b c) d))'],
    ['not a and b', '(and (not a) b)'],
    ['not a == 1 and b', '(and (not (eq a 1)) b)'],
    ['not (a and b)', '(not (and a b))'],
    ['!!a', '(not (not a))'],
    ['a or b or c', '(or a b c)'],
    ['(a or b) or c', '(or (or a b) c)'],
    ['a or (b or c)', '(or a (or b c))'],
    ['((a) and ((b)))', '(and a b)'],
    ['a && b || c ^^ d', '(or (and a b) (xor c d))'],
  ])('%s is %s', (text, wanted) => {
    expect(parsed(text)).toBe(wanted);
  });
});

describe('operators have words and signs', () => {
  test.each([
    ['a == 1', '(eq a 1)'],
    ['a eq 1', '(eq a 1)'],
    ['a != 1', '(ne a 1)'],
    ['a ne 1', '(ne a 1)'],
    ['a<1', '(lt a 1)'],
    ['a lt 1', '(lt a 1)'],
    ['a<=1', '(le a 1)'],
    ['a le 1', '(le a 1)'],
    ['a>1', '(gt a 1)'],
    ['a gt 1', '(gt a 1)'],
    ['a>=1', '(ge a 1)'],
    ['a ge 1', '(ge a 1)'],
    ['a&1', '(bitwise_and a 1)'],
    ['a bitwise_and 1', '(bitwise_and a 1)'],
    ['a contains"x"', '(contains a "x")'],
    ['a~"x"', '(matches a "x")'],
    ['a matches r#"x"#', '(matches a r#"x"#)'],
    ['a wildcard "x"', '(wildcard a "x")'],
    ['a strict wildcard "x"', '(strict wildcard a "x")'],
    ['a in{1 2..3}', '(in a {1 2..3})'],
    ['a in {"x""y"}', '(in a {"x" "y"})'],
    ['a in $cf.malware', '(in a $cf.malware)'],
  ])('%s is %s', (text, wanted) => {
    expect(parsed(text)).toBe(wanted);
  });
});

describe('words end where letters end', () => {
  test.each([
    ['order', 'order'],
    ['android', 'android'],
    ['nothing', 'nothing'],
    ['notary.id == 1', '(eq notary.id 1)'],
    ['any', 'any'],
    ['any and all', '(and any all)'],
    ['in == 1', '(eq in 1)'],
    ['not.a', 'not.a'],
    ['a andb', 'RF1003 at 1'],
    ['a eqb', 'RF1003 at 1'],
    ['a == 80or b', 'RF1003 at 9'],
  ])('%s is %s', (text, wanted) => {
    expect(parsed(text)).toBe(wanted);
  });
});

describe('white space is space, CR and LF, and stands between words only', () => {
  test.each([
    ['  a\r\n and\n b ', '(and a b)'],
    ['\t\u00a0a\u2003', 'a'],
    ['any (a)', '(any a)'],
    ['f ( a , b )', 'f(a, b)'],
    ['a[ 0 ] == 1', '(eq a[0] 1)'],
    ['a [0] == 1', 'RF1003 at 1'],
    ['a\tand b', 'RF1025 at 1'],
    ['a in {1\t2}', 'RF1025 at 7'],
    ['a strict  wildcard "x"', 'RF1024 at 1'],
    ['tcp .a', 'RF1003 at 3'],
    ['tcp. a', 'RF1002 at 4'],
    ['a in $ b', 'RF1003 at 6'],
  ])('%j is %s', (text, wanted) => {
    expect(parsed(text)).toBe(wanted);
  });
});

describe('arguments are values, literals, one comparison, or a formula led by a bracket, not or a quantifier', () => {
  test.each([
    ['any(a)', '(any a)'],
    ['any((a))', '(any ?a)'],
    ['any(a[*] == 1)', '(any ?(eq a[*] 1))'],
    ['any((a or b))', '(any ?(or a b))'],
    ['any(not a or b)', '(any ?(or (not a) b))'],
    ['any((a) or b)', '(any ?(or a b))'],
    ['any(any(a) and b)', '(any ?(and (any a) b))'],
    ['any(a or b)', 'RF1006 at 6'],
    ['f(a, "x", r"y", 10, -1, ::1, 61:62, ab.cd)', 'f(a, "x", r"y", 10, -1, ::1, 61:62, ab.cd)'],
    ['f()', 'f()'],
    ['f(a,)', 'RF1011 at 4'],
    ['f(a b)', 'RF1005 at 4'],
    ['f(a', 'RF1030 at 3'],
    ['any(a, b)', 'RF1004 at 5'],
    ['f({1})', 'RF1011 at 2'],
  ])('%s is %s', (text, wanted) => {
    expect(parsed(text)).toBe(wanted);
  });
});

describe('a quote in a class of a pattern does not end it', () => {
  test.each([
    ['a matches "["]"', '(matches a "["]")'],
    ['a matches "[\\"]"', '(matches a "[\\"]")'],
    ['a matches "\\[" or b', '(or (matches a "\\[") b)'],
    ['a matches "[a]"]"', 'RF1003 at 15'],
    ['a matches "[a"', 'RF1013 at 11'],
    ['a == "["', '(eq a "[")'],
  ])('%s is %s', (text, wanted) => {
    expect(parsed(text)).toBe(wanted);
  });
});

describe('raw strings end at the first quote with as many hashes', () => {
  test.each([
    ['a == r""', '(eq a r"")'],
    ['a == r#"x"y"# and b', '(and (eq a r#"x"y"#) b)'],
    ['a == r##"x"#y"##', '(eq a r##"x"#y"##)'],
    ['a in {r"x" r#"y"#}', '(in a {r"x" r#"y"#})'],
    ['a == r"x"y"', 'RF1003 at 9'],
    ['a == r#"x"', 'RF1012 at 6'],
    ['a == r# "x"#', 'RF1015 at 7'],
  ])('%s is %s', (text, wanted) => {
    expect(parsed(text)).toBe(wanted);
  });
});
