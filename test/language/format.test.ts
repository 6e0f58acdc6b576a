// Formatting changes how an expression looks and nothing else.

import fc from 'fast-check';
import { format } from '../../src/language/format';
import { ENGINE_LIMITS } from '../../src/language/limits';
import { parse } from '../../src/language/parse';
import { printFormula } from '../../src/language/print';
import { anyFormula, withoutSpans } from './generate-formula';

const LIMITS = { ...ENGINE_LIMITS, nesting: 500 };

function parsed(text: string) {
  const result = parse(text, LIMITS);
  if (!result.ok) throw new Error(`${text}: ${result.diagnostics[0]?.message}`);
  return result.ast;
}

function formatted(text: string, limit?: number): string {
  return format(parsed(text), limit);
}

test('what is formatted parses to the same tree, and stays as it is when formatted again', () => {
  fc.assert(
    fc.property(anyFormula, formula => {
      const text = printFormula(formula);
      const once = formatted(text);
      expect(withoutSpans(parsed(once).root)).toEqual(withoutSpans(parsed(text).root));
      expect(formatted(once)).toBe(once);
    }),
    { numRuns: fc.readConfigureGlobal()?.numRuns ?? 2000 },
  );
});

const A = 'ip.src in {192.0.2.0/24 198.51.100.0/24}';
const B = 'tcp.dstport in {80 443 8080 8443}';
const C = 'udp.payload contains "and (or) xor"';

test.each<[string, string, string[]]>([
  ['a short one stays on its line', 'a  &&\n b||!c', ['a and b or not c']],
  ['100 columns are one line', `${'a'.repeat(47)} or ${'b'.repeat(49)}`, [`${'a'.repeat(47)} or ${'b'.repeat(49)}`]],
  ['101 are two', `${'a'.repeat(48)} or ${'b'.repeat(49)}`, ['a'.repeat(48), `or ${'b'.repeat(49)}`]],
  ['a long run', `${A} and ${B} and ${C}`, [A, `and ${B}`, `and ${C}`]],
  ['brackets that fit their line', `(${A} or ${B}) and ${C}`, [`(${A} or ${B})`, `and ${C}`]],
  [
    'brackets that do not',
    `x and (${A} or ${B} or ${C}) and y`,
    ['x', 'and (', `  ${A}`, `  or ${B}`, `  or ${C}`, ')', 'and y'],
  ],
  [
    'brackets in brackets',
    `x and (y or (${A} and ${B} and (${A} xor ${B} or ${C})))`,
    [
      'x',
      'and (',
      '  y',
      `  or ${A}`,
      `    and ${B}`,
      '    and (',
      `      ${A} xor ${B}`,
      `      or ${C}`,
      '    )',
      ')',
    ],
  ],
  [
    'a run that binds tighter is indented',
    `x or ${A} and ${B} and ${C} or y`,
    ['x', `or ${A}`, `  and ${B}`, `  and ${C}`, 'or y'],
  ],
  ['a negation', `not (${A} or ${B} or ${C})`, ['not (', `  ${A}`, `  or ${B}`, `  or ${C}`, ')']],
  [
    'a negation in a run',
    `x and not (${A} or ${B} or ${C})`,
    ['x', 'and not (', `  ${A}`, `  or ${B}`, `  or ${C}`, ')'],
  ],
  ['a long comparison is not broken', `x == "${'and '.repeat(50)}"`, [`x == "${'and '.repeat(50)}"`]],
  ['nor a call', `any((${'aaaa or '.repeat(20)}b))`, [`any((${'aaaa or '.repeat(20)}b))`]],
])('%s', (_, text, expected) => {
  expect(formatted(text)).toBe(expected.join('\n'));
});

test('a text that would be too long for a policy is written on one line, or left alone', () => {
  const run = `a||!(${Array.from({ length: 30 }, () => 'alpha&&(beta||gamma)').join('&&')})`;
  const onOneLine = printFormula(parsed(run).root);
  expect(formatted(run).length).toBeGreaterThan(onOneLine.length);
  expect(formatted(run, onOneLine.length)).toBe(onOneLine);
  expect(formatted(` ${run} `, onOneLine.length - 1)).toBe(run);
});
