// The catalogue against the language: its example shows each diagnostic, and codes are unique.

import { CATALOGUE } from '../../src/diagnostic/catalogue';
import { runExample } from '../../src/documentation/example';

test.each(Object.values(CATALOGUE))('$code is what its example $example yields', entry => {
  expect(runExample(entry).found).toMatchObject({ code: entry.code, severity: entry.severity });
});

test('no two entries have one code', () => {
  const codes = Object.values(CATALOGUE).map(entry => entry.code);
  expect(new Set(codes).size).toBe(codes.length);
});

test('the first digit of every code names its group', () => {
  for (const { code, severity } of Object.values(CATALOGUE)) {
    expect(code).toMatch(severity === 'error' ? /^RF[123]0[0-9]{2}$/ : /^RF40[0-9]{2}$/);
  }
});
