// The catalogue against the language: its example shows each diagnostic, and codes are unique.

import { CATALOGUE } from '../../src/diagnostic/catalogue';
import type { Diagnostic } from '../../src/diagnostic/diagnostic';
import { checkValueExpression } from '../../src/language/check/value-expression';
import { readExpression } from '../../src/language/expression';
import { PACKET_LIMITS } from '../../src/language/limits';
import { parse } from '../../src/language/parse';
import { PACKET_LIKE } from '../language/packet-like-scheme';

/** Found by later stages than the language. */
const BEYOND = new Set(['RF2025', 'RF2026']);

/** Examples too long to be written out in the catalogue. */
const WRITTEN_OUT: Readonly<Record<string, string>> = {
  RF1014: `ip.proto == r${'#'.repeat(256)}"tcp"${'#'.repeat(256)}`,
  RF1019: `${'('.repeat(129)}sip${')'.repeat(129)}`,
  RF1020: `sip${' or sip'.repeat(600)}`,
};

const LIMITS = { ...PACKET_LIMITS, wildcardStars: 2 };

function diagnose(expression: string): readonly Diagnostic[] {
  const read = readExpression(expression, PACKET_LIKE, LIMITS);
  return read.ok ? [] : read.diagnostics;
}

function diagnoseValue(expression: string): readonly Diagnostic[] {
  const parsed = parse(expression, LIMITS);
  const checked = parsed.ok ? checkValueExpression(parsed.ast, PACKET_LIKE, LIMITS) : parsed;
  return checked.ok ? [] : checked.diagnostics;
}

const entries = Object.values(CATALOGUE).filter(entry => !BEYOND.has(entry.code));

test.each(entries)('$code is what its example $example yields', ({ code, example }) => {
  const expression = WRITTEN_OUT[code] ?? example;
  const found = [...diagnose(expression), ...diagnoseValue(expression)].map(each => each.code);
  expect(found).toContain(code);
});

test('no two entries have one code', () => {
  const codes = Object.values(CATALOGUE).map(entry => entry.code);
  expect(new Set(codes).size).toBe(codes.length);
});

test('the first digit of every code names its stage', () => {
  for (const { code } of Object.values(CATALOGUE)) expect(code).toMatch(/^RF[123]0[0-9]{2}$/);
});
