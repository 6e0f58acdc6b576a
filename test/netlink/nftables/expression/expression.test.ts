// What is newer than we are: an expression is never read as something simpler than it is, and is written back as it came.

import { Attributes } from '../../../../src/netlink/attribute';
import { AttributeWriter } from '../../../../src/netlink/attribute-writer';
import { decodeExpression, encodeExpression } from '../../../../src/netlink/nftables/expression/expression';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** The attributes of one expression: its name, then its data. */
const UNKNOWN = [
  ['an expression that is not modelled', 'limit', '0a000100 6c696d69 74000000 0c000280 08000100 00000001'],
  ['one without data', 'notrack', '0c000100 6e6f7472 61636b00'],
  [
    'cmp with an attribute more',
    'cmp',
    '08000100 636d7000 28000280 08000100 00000001 08000200 00000000 0c000380 05000100 06000000 08006300 00000000',
  ],
  [
    'cmp with a newer operator',
    'cmp',
    '08000100 636d7000 20000280 08000100 00000001 08000200 00000006 0c000380 05000100 06000000',
  ],
  ['counter with an attribute more', 'counter', '0c000100 636f756e 74657200 0c000280 08006300 00000000'],
  [
    'a left shift',
    'bitwise',
    '0c000100 62697477 69736500 30000280 08000100 00000001 08000200 00000001 08000300 00000004 08000600 00000001 0c000780 08000100 08000000',
  ],
  [
    'a payload write',
    'payload',
    '0c000100 7061796c 6f616400 24000280 08000500 00000001 08000200 00000001 08000300 00000008 08000400 00000001',
  ],
  [
    'a payload base of tunnels',
    'payload',
    '0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000004 08000300 00000000 08000400 00000004',
  ],
  [
    'a newer turn of bytes',
    'byteorder',
    '0e000100 62797465 6f726465 72000000 2c000280 08000100 00000001 08000200 00000001 08000300 00000002 08000400 00000004 08000500 00000004',
  ],
  ['a newer meta key', 'meta', '09000100 6d657461 00000000 14000280 08000200 000000c8 08000100 00000001'],
  [
    'a newer flag of lookup',
    'lookup',
    '0b000100 6c6f6f6b 75700000 1c000280 08000200 00000001 06000100 73000000 08000500 00000002',
  ],
] as const;

test.each(UNKNOWN)('%s stays as it is', (_, name, hex) => {
  const expression = decodeExpression(Attributes.of(bytes(hex), 'test'));
  expect(expression).toMatchObject({ kind: 'unknown', name });
  const writer = new AttributeWriter();
  encodeExpression(writer, 1, expression);
  expect(Buffer.from(writer.written().subarray(4)).toString('hex')).toBe(hex.replaceAll(' ', ''));
});

test.each([
  ['without a name', '0c000280 08000100 00000001'],
  ['cmp without a register', '08000100 636d7000 18000280 08000200 00000000 0c000380 05000100 06000000'],
  [
    'a jump without a chain',
    '0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 fffffffd',
  ],
  ['a number of the wrong size', '0c000100 636f756e 74657200 0c000280 08000100 00000000'],
])('%s it is refused', (_, hex) => {
  expect(() => decodeExpression(Attributes.of(bytes(hex), 'test'))).toThrow(
    expect.objectContaining({ code: 'EBADMSG' }),
  );
});

test('what the kernel lists of bitwise and lookup, more than was sent, is the same expression', () => {
  const listed = bytes(
    '0c000100 62697477 69736500 3c000280 08000100 00000001 08000200 00000001 08000300 00000001 08000600 00000000 0c000480 05000100 12000000 0c000580 05000100 00000000',
  );
  expect(decodeExpression(Attributes.of(listed, 'test'))).toEqual({
    kind: 'bitwise',
    source: 1,
    destination: 1,
    length: 1,
    mask: Uint8Array.of(0x12),
    xor: Uint8Array.of(0),
  });
  const lookup = bytes('0b000100 6c6f6f6b 75700000 1c000280 06000100 73000000 08000200 00000001 08000500 00000000');
  expect(decodeExpression(Attributes.of(lookup, 'test'))).toEqual({
    kind: 'lookup',
    source: 1,
    set: 's',
    invert: false,
  });
});
