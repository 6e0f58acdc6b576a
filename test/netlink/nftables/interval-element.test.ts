import { intervalElements } from '../../../src/netlink/nftables/interval-element';

const bytes = (...octets: readonly number[]): Uint8Array => Uint8Array.of(...octets);
const end = (key: Uint8Array) => ({ key, flags: ['interval_end'] });
const accept = { kind: 'verdict', verdict: { code: 'accept' } } as const;

test.each([
  [
    'a port range ends at the port after it',
    { from: bytes(0, 80), to: bytes(0, 90) },
    [{ key: bytes(0, 80) }, end(bytes(0, 91))],
  ],
  [
    'one value is an interval too',
    { from: bytes(0, 80), to: bytes(0, 80) },
    [{ key: bytes(0, 80) }, end(bytes(0, 81))],
  ],
  [
    'the carry goes through',
    { from: bytes(10, 0, 0, 0), to: bytes(10, 255, 255, 255) },
    [{ key: bytes(10, 0, 0, 0) }, end(bytes(11, 0, 0, 0))],
  ],
  ['up to the highest there is no end', { from: bytes(0, 80), to: bytes(255, 255) }, [{ key: bytes(0, 80) }]],
  ['all values', { from: bytes(0, 0), to: bytes(255, 255) }, [{ key: bytes(0, 0) }]],
  [
    'only starts carry data',
    { from: bytes(1), to: bytes(2), data: accept },
    [{ key: bytes(1), data: accept }, end(bytes(3))],
  ],
])('%s', (_, interval, expected) => {
  expect(intervalElements([interval])).toEqual(expected);
});

test('adjacent intervals keep their order: end, then start at the same key', () => {
  expect(
    intervalElements([
      { from: bytes(1), to: bytes(2) },
      { from: bytes(3), to: bytes(4) },
    ]),
  ).toEqual([{ key: bytes(1) }, end(bytes(3)), { key: bytes(3) }, end(bytes(5))]);
});
