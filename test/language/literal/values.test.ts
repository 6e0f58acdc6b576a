// What each spelling of a literal stands for, by the type of the field it is compared with.

import { readExpression } from '../../../src/language/expression';
import type { TypedExpression } from '../../../src/language/typed-ast';
import { printAddress } from '../../../src/net/address';
import { PACKET_LIKE } from '../packet-like-scheme';

function typed(text: string): TypedExpression | string {
  const read = readExpression(text, PACKET_LIKE);
  return read.ok ? read.expression : `${read.diagnostics[0]?.code} at ${read.diagnostics[0]?.span.start}`;
}

function right(text: string): bigint | string | number[] {
  const expression = typed(text);
  if (typeof expression === 'string') return expression;
  if (expression.kind !== 'comparison' || expression.test.kind !== 'order') throw new Error(`${text} has no literal`);
  const { value } = expression.test.right;
  if (value instanceof Uint8Array) return [...value];
  return typeof value === 'bigint' ? value : printAddress(value);
}

describe('integers are 64 bits, decimal, hexadecimal after 0x, octal after 0', () => {
  test.each([
    ['0', 0n],
    ['00', 0n],
    ['80', 80n],
    ['-5', -5n],
    ['-017', -17n],
    ['017', 15n],
    ['0x1F', 31n],
    ['0xdeadBEEF', 3735928559n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    ['0x7fffffffffffffff', 9223372036854775807n],
    ['0777777777777777777777', 9223372036854775807n],
    ['9223372036854775808', 'RF3003 at 10'],
    ['-9223372036854775809', 'RF3004 at 10'],
    ['0x8000000000000000', 'RF3003 at 12'],
    ['08', 'RF3002 at 10'],
    ['12ab', 'RF3002 at 10'],
    ['0b11', 'RF3002 at 10'],
    ['0x', 'RF3001 at 12'],
    ['--5', 'RF3001 at 11'],
    ['1.5', 'RF3005 at 11'],
    ['-0x1f', 'RF3005 at 12'],
    ['0X1F', 'RF3005 at 11'],
    ['1_000', 'RF3005 at 11'],
    ['+5', 'RF3001 at 10'],
    ['"80"', 'RF3001 at 10'],
    ['1..5', 'RF3005 at 11'],
  ])('%s is %s', (literal, value) => {
    expect(right(`ip.ttl == ${literal}`)).toBe(value);
  });
});

describe('addresses are strict', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::', '::'],
    ['2001:DB8::a', '2001:db8::a'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['192.0.2', 'RF3011 at 10'],
    ['192.0.2.256', 'RF3011 at 10'],
    ['192.0.2.01', 'RF3011 at 10'],
    ['1', 'RF3011 at 10'],
    ['12345::', 'RF3011 at 10'],
    ['1::2::3', 'RF3011 at 10'],
    ['192.0.2.1:80', 'RF3011 at 10'],
    ['192.0.2.1a', 'RF3011 at 10'],
    ['192.0.2.1or', 'RF3005 at 19'],
    ['192.0.2.0/24', 'RF3012 at 10'],
    ['192.0.2.1..192.0.2.9', 'RF3012 at 10'],
    ['[::1]', 'RF3010 at 10'],
    ['"::1"', 'RF3010 at 10'],
  ])('%s is %s', (literal, value) => {
    expect(right(`ip.src == ${literal}`)).toBe(value);
  });
});

describe('strings are their UTF-8 bytes, with four escapes', () => {
  test.each([
    ['""', []],
    ['"aé"', [0x61, 0xc3, 0xa9]],
    ['"a\nb"', [0x61, 0x0a, 0x62]],
    ['"\\"\\\\"', [0x22, 0x5c]],
    ['"\\x41\\xfF"', [0x41, 0xff]],
    ['"\\101\\000\\377"', [0x41, 0x00, 0xff]],
    ['r"a\\n"', [0x61, 0x5c, 0x6e]],
    ['r#"a"b"#', [0x61, 0x22, 0x62]],
    ['61:62', [0x61, 0x62]],
    ['61:62-63.6A', [0x61, 0x62, 0x63, 0x6a]],
    ['"\\t"', 'RF3020 at 14'],
    ['"\\8"', 'RF3020 at 14'],
    ['"\\x4"', 'RF3021 at 15'],
    ['"\\x+f"', 'RF3021 at 15'],
    ['"\\18"', 'RF3021 at 14'],
    ['"\\400"', 'RF3021 at 14'],
    ['"\\0"', 'RF3022 at 14'],
    ['61:', 'RF3024 at 15'],
    ['6:62', 'RF3023 at 12'],
    ['6162', 'RF3025 at 14'],
    ['61:6g', 'RF3023 at 15'],
    ['61:62z', 'RF3005 at 17'],
    ['+f:01', 'RF3023 at 12'],
    ['tcp', 'RF3023 at 12'],
    ['rtcp', 'RF1015 at 13'],
  ])('%s is %j', (literal, value) => {
    expect(right(`ip.proto == ${literal}`)).toEqual(value);
  });
});

function items(text: string): string {
  const expression = typed(text);
  if (typeof expression === 'string') return expression;
  if (expression.kind !== 'comparison') throw new Error(`${text} is no comparison`);
  const { test } = expression;
  if (test.kind === 'in_ints') return test.items.map(({ from, to }) => `${from}-${to}`).join(' ');
  if (test.kind === 'in_bytes') return test.items.map(({ value }) => Buffer.from(value).toString('hex')).join(' ');
  if (test.kind !== 'in_addresses') throw new Error(`${text} has no set`);
  return test.items.map(({ from, to, prefix }) => `${printAddress(from)}-${printAddress(to)}/${prefix}`).join(' ');
}

describe('sets hold items of the type of the left side', () => {
  test.each([
    ['ip.ttl in {}', ''],
    ['ip.ttl in {80 80}', '80-80 80-80'],
    ['ip.ttl in {-10..-1 0x10..017}', 'RF3006 at 19'],
    ['ip.ttl in {-10..-1 0..0x1f}', '-10--1 0-31'],
    ['ip.ttl in {1 .. 5}', 'RF3001 at 13'],
    ['ip.ttl in {..5}', 'RF3001 at 11'],
    ['ip.ttl in {1..2..3}', 'RF3001 at 15'],
    ['ip.ttl in {80-90}', 'RF3001 at 13'],
    ['ip.src in {}', ''],
    ['ip.src in {192.0.2.1}', '192.0.2.1-192.0.2.1/32'],
    ['ip.src in {::1}', '::1-::1/128'],
    ['ip.src in {192.0.2.0/24 2001:db8::/127}', '192.0.2.0-192.0.2.255/24 2001:db8::-2001:db8::1/127'],
    ['ip.src in {0.0.0.0/0 ::/0}', '0.0.0.0-255.255.255.255/0 ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/0'],
    ['ip.src in {192.0.2.1..192.0.2.9}', '192.0.2.1-192.0.2.9/undefined'],
    [
      'ip.src in {10/8 10.1/16 010/8 10.0.0.0/08}',
      '10.0.0.0-10.255.255.255/8 10.1.0.0-10.1.255.255/16 10.0.0.0-10.255.255.255/8 10.0.0.0-10.255.255.255/8',
    ],
    ['ip.src in {10}', '10.0.0.0-10.0.0.0/32'],
    ['ip.src in {192.0.2.1/24}', 'RF3013 at 11'],
    ['ip.src in {10.0.0.0/33}', 'RF3014 at 11'],
    ['ip.src in {::/129}', 'RF3014 at 11'],
    ['ip.src in {10.0.0.0/}', 'RF3015 at 20'],
    ['ip.src in {10.0.0.0/255.0.0.0}', 'RF3016 at 20'],
    ['ip.src in {10.0.0.0/256}', 'RF3016 at 20'],
    ['ip.src in {/8}', 'RF3011 at 11'],
    ['ip.src in {256.0.0.0/8}', 'RF3011 at 11'],
    ['ip.src in {10.0.0.9..10.0.0.1}', 'RF3006 at 11'],
    ['ip.src in {10.0.0.1..::1}', 'RF3006 at 11'],
    ['ip.src in {10.0.0.1..10.0.0.300}', 'RF3011 at 21'],
    ['ip.proto in {"a" 61:62 r"c"}', '61 6162 63'],
    ['ip.proto in {"a""b"}', '61 62'],
    ['ip.proto in {a}', 'RF3023 at 13'],
    ['ip.proto in {80}', 'RF3025 at 15'],
  ])('%s is %s', (text, wanted) => {
    expect(items(text)).toBe(wanted);
  });
});
