// The functions by themselves: values in, value out.

import { BIT_SLICE } from '../../../src/language/function/bit-slice';
import { STANDARD_FUNCTIONS } from '../../../src/language/function/standard';
import type { Value } from '../../../src/language/value';
import { parseAddress, printAddress } from '../../../src/net/address';

function call(name: string, ...values: readonly (string | bigint | undefined)[]): unknown {
  const definition = name === 'bit_slice' ? BIT_SLICE : STANDARD_FUNCTIONS.get(name);
  if (definition === undefined) throw new Error(`no function ${name}`);
  return shown(definition.execute(values.map(value => (typeof value === 'string' ? fromText(value) : value))));
}

/** An address where the text is one, else bytes. */
function fromText(text: string): Value {
  return parseAddress(text) ?? Buffer.from(text, 'latin1');
}

function shown(value: Value | undefined): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (typeof value !== 'object') return value;
  if ('family' in value) return printAddress(value);
  return value.kind === 'array' ? value.items.map(shown) : [...value.entries];
}

test.each([
  ['lower', ['ABC[é]@Z'], 'abc[é]@z'],
  ['upper', ['abc{é}`z'], 'ABC{é}`Z'],
  ['len', ['é\0'], 2n],
  ['len', [''], 0n],
  ['is_empty', [''], true],
  ['is_empty', ['a'], false],
  ['starts_with', ['abc', 'ab'], true],
  ['starts_with', ['abc', ''], true],
  ['starts_with', ['a', 'ab'], false],
  ['ends_with', ['abc', 'bc'], true],
  ['ends_with', ['c', 'bc'], false],
  ['ends_with', ['abc', 'ab'], false],
  ['substring', ['abcdef', 2n], 'cdef'],
  ['substring', ['abcdef', 1n, 3n], 'bc'],
  ['substring', ['abcdef', -2n], 'ef'],
  ['substring', ['abcdef', 0n, -1n], 'abcde'],
  ['substring', ['abc', 2n, 1n], ''],
  ['substring', ['abc', -9n, 9223372036854775807n], 'abc'],
  ['cidr', ['192.0.2.77', 26n, 64n], '192.0.2.64'],
  ['cidr', ['2001:db8::1:2:3', 24n, 64n], '2001:db8::'],
  ['cidr', ['192.0.2.77', 33n, 64n], undefined],
  ['split', ['a.b..c', '.'], ['a', 'b', '', 'c']],
  ['split', ['abc', '.'], ['abc']],
  ['split', ['', '.'], ['']],
  ['echo', ['a'], 'a'],
  ['concat', ['a', 'b', 'c'], 'abc'],
  ['concat', [undefined, 'b'], 'b'],
  ['concat', [undefined, undefined], undefined],
  ['bit_slice', ['\x12\x34', 0n, 16n], 0x1234n],
  ['bit_slice', ['\x12\x34', 4n, 12n], 0x23n],
  ['bit_slice', ['\x80', 0n, 1n], 1n],
  ['bit_slice', ['\x01', 7n, 8n], 1n],
  ['bit_slice', ['\xff\xff\xff\xff\xff', 1n, 33n], 0xffffffffn],
  ['bit_slice', ['\x12', 4n, 12n], undefined],
] as const)('%s%j is %j', (name, values, wanted) => {
  expect(call(name, ...values)).toEqual(wanted);
});

// concat skips what is missing.
test.each([...STANDARD_FUNCTIONS.keys(), 'bit_slice'].filter(name => name !== 'concat'))(
  '%s of a missing value is missing',
  name => {
    expect(call(name, undefined, 1n, 2n)).toBeUndefined();
  },
);
