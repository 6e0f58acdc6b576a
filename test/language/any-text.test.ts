// Whatever the text, reading it ends in an expression or in diagnostics whose places lie inside it.

import fc from 'fast-check';
import { printDiagnostic } from '../../src/diagnostic/print';
import { readExpression } from '../../src/language/expression';
import { ENGINE_LIMITS } from '../../src/language/limits';
import { PACKET_LIKE } from './packet-like-scheme';

const PIECES = [
  'ip.src',
  'ip.ttl',
  'ip.proto',
  'sip',
  'tags',
  'headers',
  'marks',
  'grid',
  'lower',
  'concat',
  'bit_slice',
  'any',
  'all',
  'not',
  'and',
  'or',
  'xor',
  'in',
  'eq',
  'contains',
  'matches',
  'wildcard',
  'strict wildcard',
  '==',
  '!=',
  '<',
  '&',
  '&&',
  '~',
  '!',
  '(',
  ')',
  '[',
  ']',
  '[*]',
  '{',
  '}',
  ',',
  '$office',
  '"a"',
  '"[',
  'r#"a"#',
  'r"',
  '80',
  '-1',
  '1..5',
  '::1',
  '10.0.0.0/8',
  '61:62',
  '.',
  '/',
  ' ',
  '\n',
  '\t',
  '\\',
  '"',
  "'",
  'é',
  '\u{1f600}',
  '\ud800',
  '0x',
  '08',
  '#',
];

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map(pieces => pieces.join(' ')),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map(pieces => pieces.join('')),
);

test('any text is an expression or has diagnostics that lie in it and can be printed', () => {
  fc.assert(
    fc.property(text, source => {
      const read = readExpression(source, PACKET_LIKE, ENGINE_LIMITS);
      if (read.ok) return;
      expect(read.diagnostics.length).toBeGreaterThan(0);
      for (const found of read.diagnostics) {
        expect(found.span.start).toBeGreaterThanOrEqual(0);
        expect(found.span.end).toBeLessThanOrEqual(source.length);
        expect(found.span.start).toBeLessThanOrEqual(found.span.end);
        expect(printDiagnostic(source, found)).toContain(found.code);
      }
    }),
    { numRuns: fc.readConfigureGlobal()?.numRuns ?? 5000 },
  );
});
