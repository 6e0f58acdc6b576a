// Printing is the inverse of parsing, for syntax trees and for typed ones.

import fc from 'fast-check';
import { readExpression } from '../../src/language/expression';
import { ENGINE_LIMITS } from '../../src/language/limits';
import { parse } from '../../src/language/parse';
import { printFormula } from '../../src/language/print';
import { untype } from '../../src/language/untype';
import { anyFormula, withoutSpans } from './generate-formula';
import { PACKET_LIKE } from './packet-like-scheme';

const LIMITS = { ...ENGINE_LIMITS, nesting: 500 };

test('parsing what was printed gives the same tree', () => {
  fc.assert(
    fc.property(anyFormula, formula => {
      const text = printFormula(formula);
      const parsed = parse(text, LIMITS);
      if (!parsed.ok) throw new Error(`${text}: ${parsed.diagnostics[0]?.message}`);
      expect(withoutSpans(parsed.ast.root)).toEqual(withoutSpans(formula));
    }),
    { numRuns: fc.readConfigureGlobal()?.numRuns ?? 3000 },
  );
});

test('a text without its optional spaces has the same tree', () => {
  fc.assert(
    fc.property(anyFormula, formula => {
      const text = printFormula(formula);
      const tight = text.replace(/ (?=[=!<>&(){},])|(?<=[=!<>&(){},]) /g, '');
      // Spaces inside strings belong to them.
      fc.pre(!/"[^"]*[=!<>&(){},][^"]*"/.test(text));
      const parsed = parse(tight, LIMITS);
      if (!parsed.ok) throw new Error(`${tight}: ${parsed.diagnostics[0]?.message}`);
      expect(withoutSpans(parsed.ast.root)).toEqual(withoutSpans(formula));
    }),
    { numRuns: fc.readConfigureGlobal()?.numRuns ?? 1000 },
  );
});

test.each([
  ['a  &&b||!c', 'a and b or not c'],
  ['(a or b) and c', '(a or b) and c'],
  ['(a and b) or c', 'a and b or c'],
  ['(a or b) or c', '(a or b) or c'],
  ['not (a == 1)', 'not a == 1'],
  ['not(a or b)', 'not (a or b)'],
  ['any((a))', 'any((a))'],
  ['any( a )', 'any(a)'],
  ['any((a or b))', 'any((a or b))'],
  ['any(not a or b)', 'any((not a or b))'],
  ['any((a == 1))', 'any(a == 1)'],
  ['f( a ,b,"c" )  eq  0x1F', 'f(a, b, "c") == 0x1F'],
  ['a[ 0 ][ * ]["k"] in{1   2..3}', 'a[0][*]["k"] in {1 2..3}'],
  ['a ~ r#"x"#', 'a matches r#"x"#'],
])('%s is printed as %s', (text, printed) => {
  const parsed = parse(text);
  expect(parsed.ok ? printFormula(parsed.ast.root) : parsed.diagnostics).toBe(printed);
});

test.each([
  ['ip.ttl == 0x1F', 'ip.ttl == 31'],
  ['ip.ttl in {017 1..1 -5..5}', 'ip.ttl in {15 1 -5..5}'],
  ['ip.src == 2001:DB8:0::10', 'ip.src == 2001:db8::10'],
  ['ip.src in {10/8 192.0.2.1 ::1..::ff}', 'ip.src in {10.0.0.0/8 192.0.2.1 ::1..::ff}'],
  ['ip.proto == "\\x74cp\\001\\xff"', 'ip.proto == "tcp\\x01\\xff"'],
  ['ip.proto == "é\\"\\\\"', 'ip.proto == "é\\"\\\\"'],
  ['ip.proto contains 61-62.6A', 'ip.proto contains 61:62:6a'],
  ['ip.proto matches "a\\"[\\"]\\d"', 'ip.proto matches r#"a"[\\"]\\d"#'],
  ['ip.proto strict wildcard r"a\\*"', 'ip.proto strict wildcard r"a\\*"'],
  ['any(starts_with(tags[*], "a") ) or sip', 'any(starts_with(tags[*], "a")) or sip'],
  ['headers["\\x41"] == "b"', 'headers["A"] == "b"'],
  ['bit_slice(tcp, 010, 16) == 1', 'bit_slice(tcp, 8, 16) == 1'],
  ['ip.src in $office and not all((marks))', 'ip.src in $office and not all((marks))'],
])('the typed form of %s is printed in canonical literals as %s', (text, printed) => {
  const read = readExpression(text, PACKET_LIKE);
  expect(read.ok ? printFormula(untype(read.expression)) : undefined).toBe(printed);
});
