import { parseAddress, prefixInterval, printAddress } from '../../src/net/address';

describe('parseAddress reads', () => {
  test.each<[string, 4 | 6, bigint]>([
    ['0.0.0.0', 4, 0n],
    ['192.0.2.1', 4, 0xc0000201n],
    ['255.255.255.255', 4, 0xffffffffn],
    ['::', 6, 0n],
    ['::1', 6, 1n],
    ['1::', 6, 1n << 112n],
    ['2001:db8::8:800:200C:417A', 6, 0x20010db80000000000080800200c417an],
    ['::ffff:192.0.2.1', 6, 0xffffc0000201n],
    ['1:2:3:4:5:6:7:8', 6, 0x00010002000300040005000600070008n],
    ['1:2:3:4:5:6:1.2.3.4', 6, 0x00010002000300040005000601020304n],
    ['1:2:3:4:5:6:7::', 6, 0x00010002000300040005000600070000n],
  ])('%s', (text, family, value) => {
    expect(parseAddress(text)).toEqual({ family, value });
  });
});

describe('parseAddress refuses', () => {
  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.04',
    '1.2.3.256',
    '1.2.3.-4',
    ' 1.2.3.4',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '1::2::3',
    ':::',
    ':1',
    '1:',
    '12345::',
    'fe80::1%eth0',
    '1.2.3.4::',
    '::1.2.3',
    '[::1]',
  ])('%j', text => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('printAddress writes RFC 5952', () => {
  test.each<[4 | 6, bigint, string]>([
    [4, 0xc0000201n, '192.0.2.1'],
    [6, 0n, '::'],
    [6, 1n, '::1'],
    [6, 1n << 112n, '1::'],
    [6, 0x20010db8000000000001000000000001n, '2001:db8::1:0:0:1'],
    [6, 0x20010db8000100010001000100010001n, '2001:db8:1:1:1:1:1:1'],
    [6, 0x20010db8000000010001000100010001n, '2001:db8:0:1:1:1:1:1'],
    [6, 0xffffc0000201n, '::ffff:192.0.2.1'],
  ])('%d %d as %s', (family, value, text) => {
    expect(printAddress({ family, value })).toBe(text);
  });
});

describe('prefixInterval', () => {
  test.each<[string, number, bigint, bigint]>([
    ['10.1.2.3', 32, 0x0a010203n, 0x0a010203n],
    ['10.1.2.0', 24, 0x0a010200n, 0x0a0102ffn],
    ['0.0.0.0', 0, 0n, 0xffffffffn],
    ['::', 0, 0n, (1n << 128n) - 1n],
    ['2001:db8::', 32, 0x20010db8n << 96n, (0x20010db9n << 96n) - 1n],
  ])('%s/%d', (text, length, from, to) => {
    const network = parseAddress(text);
    expect(network && prefixInterval(network, length)).toEqual({ from, to });
  });
});
