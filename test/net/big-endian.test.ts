import { bigEndian, bigEndianBytes } from '../../src/net/big-endian';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test.each<[string, bigint, number, string]>([
  ['no bytes', 0n, 0, ''],
  ['one byte', 0xabn, 1, 'ab'],
  ['a port', 80n, 2, '0050'],
  ['three bytes', 0x010203n, 3, '010203'],
  ['an address', 0xc0000201n, 4, 'c0000201'],
  ['five bytes', 0x0102030405n, 5, '0102030405'],
  ['six bytes', 0x020000000001n, 6, '020000000001'],
  ['an IPv6 address', 0x20010db8000000000000000000000001n, 16, '20010db8000000000000000000000001'],
  ['the greatest of 128 bits', 2n ** 128n - 1n, 16, 'f'.repeat(32)],
  ['a small number in many bytes', 1n, 9, '000000000000000001'],
])('%s', (_, value, length, expected) => {
  expect(hex(bigEndianBytes(value, length))).toBe(expected);
  expect(bigEndian(bigEndianBytes(value, length))).toBe(value);
});

test('what does not fit loses its upper bytes', () => {
  expect(hex(bigEndianBytes(0x0102030405060708n, 5))).toBe('0405060708');
});
