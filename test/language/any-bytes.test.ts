// Reading comes to an end in an expression or in diagnostics whatever it is given: bytes that are no text, brackets without
// end, and single words, literals and sets of a size that nobody writes by hand.

import fc from 'fast-check';
import { readExpression } from '../../src/language/expression';
import { packetScheme } from '../../src/language/field/packet-scheme';
import { ENGINE_LIMITS, type Limits, PACKET_LIMITS } from '../../src/language/limits';
import { PACKET_LIKE } from './packet-like-scheme';

const SCHEMES = [PACKET_LIKE, packetScheme(undefined)];
const LIMITS: readonly Limits[] = [PACKET_LIMITS, ENGINE_LIMITS];

test('bytes of any kind, as UTF-8 with what is invalid replaced, and as Latin-1', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 40 }).map(tail => Buffer.concat([Buffer.from('ip.proto == "'), tail])),
    fc.uint8Array({ maxLength: 40 }).map(tail => Buffer.concat([Buffer.from('udp.payload matches "'), tail])),
  );
  fc.assert(
    fc.property(bytes, each => {
      for (const encoding of ['utf8', 'latin1'] as const) expectAnEnd(Buffer.from(each).toString(encoding));
    }),
    { numRuns: fc.readConfigureGlobal()?.numRuns ?? 1000 },
  );
});

const MANY = 50_000;

test.each<[string, string]>([
  ['opening brackets', '('.repeat(MANY)],
  ['closing brackets', ')'.repeat(MANY)],
  ['brackets', `${'('.repeat(MANY)}true${')'.repeat(MANY)}`],
  ['nots', `${'not '.repeat(MANY)}true`],
  ['exclamation marks', `${'!'.repeat(MANY)}true`],
  ['calls', 'len('.repeat(MANY)],
  ['indices', `tags${'[0]'.repeat(MANY)} == "a"`],
  ['nots and brackets', 'not ('.repeat(MANY)],
  ['operands', `${'true and '.repeat(MANY)}true`],
  ['operators alone', 'and or xor '.repeat(MANY)],
  ['quotes', '"'.repeat(MANY)],
  ['backslashes', `ip.proto == "${'\\'.repeat(MANY)}"`],
  ['hashes', `ip.proto == r${'#'.repeat(MANY)}"a"`],
  ['one name', 'a'.repeat(MANY)],
  ['one number', `ip.ttl == ${'9'.repeat(MANY)}`],
  ['one string', `ip.proto == "${'a'.repeat(MANY)}"`],
  ['one byte string', `ip.proto == ${'61:'.repeat(MANY)}61`],
  ['one address', `ip.src == ${'1:'.repeat(MANY)}`],
  ['a set', `ip.ttl in {${'1 '.repeat(MANY)}}`],
  ['a set of addresses', `ip.src in {${'10.0.0.0/8 '.repeat(MANY)}}`],
  ['sets without end', 'ip.ttl in {'.repeat(MANY)],
  ['groups of a regular expression', `ip.proto matches "${'('.repeat(MANY)}"`],
  ['repetitions of repetitions', `ip.proto matches "${'(a{9}){9}'.repeat(100)}"`],
  ['a repetition too large', 'ip.proto matches "((a{1000}){1000}){1000}"'],
  ['stars of a wildcard', `ip.proto wildcard "${'a*'.repeat(MANY)}"`],
  ['spaces', ' '.repeat(MANY)],
  ['NULs', '\0'.repeat(MANY)],
  ['halves of surrogate pairs', '\ud800'.repeat(MANY)],
])('many %s', (_, text) => {
  expectAnEnd(text);
});

/** It is read, or at least one diagnostic says why not. */
function expectAnEnd(text: string): void {
  for (const scheme of SCHEMES) {
    for (const limits of LIMITS) {
      const read = readExpression(text, scheme, limits);
      if (!read.ok && read.diagnostics.length === 0) throw new Error(`refused without a word: ${JSON.stringify(text)}`);
    }
  }
}
