// Random literals of each type, as text: values that packets have, their neighbours, borders, and pieces of payloads.

import fc from 'fast-check';
import type { Value } from '../../src/language/value';
import { type Address, addressBits, prefixInterval, printAddress } from '../../src/net/address';

export type Text = fc.Arbitrary<string>;

const GREATEST = (1n << 63n) - 1n;
const BORDERS = [0n, 1n, 2n, 15n, 16n, 63n, 64n, 127n, 128n, 255n, 256n, 1500n, 65535n, 65536n, 0xffffffffn, GREATEST];
const BELOW_ZERO = [-1n, -2n, -128n, -65536n, -GREATEST - 1n];
/** No value of packets, for fields that none of the frames has. */
const SOME_BYTES = Buffer.from('GET / HTTP/1.1\r\nHost: example.org\r\n\r\n\x00\x00\xff\xfe"\\', 'latin1');

/** One of the values, one beside it, a border, or any. */
export function int(values: readonly Value[]): fc.Arbitrary<bigint> {
  const seen = values.filter(value => typeof value === 'bigint');
  const any = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...BORDERS) },
    { weight: 1, arbitrary: fc.constantFrom(...BELOW_ZERO) },
    { weight: 2, arbitrary: fc.bigInt({ min: 0n, max: 70_000n }) },
    { weight: 1, arbitrary: fc.bigInt({ min: -GREATEST - 1n, max: GREATEST }) },
  );
  if (seen.length === 0) return any;
  const near = fc
    .tuple(fc.constantFrom(...seen), fc.constantFrom(0n, 0n, 0n, 1n, -1n))
    .map(([value, step]) => value + step);
  return fc.oneof({ weight: 3, arbitrary: near }, { weight: 1, arbitrary: any });
}

/** Decimal, hexadecimal or octal. */
export function spelledInt(value: bigint): Text {
  if (value < 0n) return fc.constant(String(value));
  return fc.constantFrom(String(value), String(value), `0x${value.toString(16)}`, `0${value.toString(8)}`);
}

export function address(values: readonly Value[]): fc.Arbitrary<Address> {
  const seen = values.filter(value => typeof value === 'object' && 'family' in value) as Address[];
  const any = fc.constantFrom<4 | 6>(4, 6).chain(family => {
    const most = (1n << BigInt(addressBits(family))) - 1n;
    return fc.bigInt({ min: 0n, max: most }).map((value): Address => ({ family, value }));
  });
  const near = fc.tuple(fc.constantFrom(...seen), fc.constantFrom(0n, 0n, 1n, -1n)).map(([{ family, value }, step]) => {
    return { family, value: BigInt.asUintN(addressBits(family), value + step) };
  });
  return fc.oneof({ weight: 5, arbitrary: near }, { weight: 1, arbitrary: any });
}

/** An address, a prefix without host bits, or a range. */
export function addressItem(values: readonly Value[]): Text {
  const prefix = fc.tuple(address(values), fc.double({ min: 0, max: 1, noNaN: true })).map(([within, part]) => {
    const length = Math.round(part * addressBits(within.family));
    return `${printAddress({ family: within.family, value: prefixInterval(within, length).from })}/${length}`;
  });
  const range = fc
    .tuple(address(values), address(values))
    .filter(([a, b]) => a.family === b.family)
    .map(([a, b]) => (a.value <= b.value ? [a, b] : [b, a]).map(each => printAddress(each as Address)).join('..'));
  return fc.oneof(address(values).map(printAddress), prefix, range);
}

type Which = 'prefix' | 'suffix' | 'piece' | 'whole';
const LONGEST_PIECE = 40;

/** Bytes of one of the values, sometimes with one byte changed. */
export function bytes(values: readonly Value[], which: Which): fc.Arbitrary<Uint8Array> {
  const seen = values.filter(value => value instanceof Uint8Array);
  const fitting = which === 'whole' ? seen.filter(value => value.length <= LONGEST_PIECE) : seen;
  const length = fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 20 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: LONGEST_PIECE }) },
  );
  const piece = fc
    .tuple(fc.constantFrom(...(fitting.length === 0 ? [SOME_BYTES] : fitting)), length, fc.nat(1500))
    .map(([value, size, at]) => cut(value, which, size, at));
  const changed = fc
    .tuple(piece, fc.nat(LONGEST_PIECE), fc.nat(255))
    .map(([value, at, byte]) => Uint8Array.from(value, (old, index) => (index === at % value.length ? byte : old)));
  return fc.oneof({ weight: 5, arbitrary: piece }, { weight: 1, arbitrary: changed });
}

function cut(value: Uint8Array, which: Which, size: number, at: number): Uint8Array {
  switch (which) {
    case 'whole':
      return value;
    case 'prefix':
      return value.subarray(0, size);
    case 'suffix':
      return value.subarray(Math.max(0, value.length - size));
    case 'piece': {
      const from = value.length === 0 ? 0 : at % value.length;
      return value.subarray(from, from + size);
    }
  }
}

/** Quoted with escapes, raw where the bytes are plain text, or pairs of digits where there are two bytes. */
export function spelledBytes(value: Uint8Array): Text {
  const hex = [...value].map(byte => byte.toString(16).padStart(2, '0'));
  const plain = /^[ !#-[\]-~]*$/.test(Buffer.from(value).toString('latin1'));
  const text = Buffer.from(value).toString('latin1');
  const escaped = [...value].map((byte, index) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c ? String.fromCharCode(byte) : `\\x${hex[index]}`,
  );
  const octal = [...value].map(byte => `\\${byte.toString(8).padStart(3, '0')}`);
  return fc.constantFrom(
    `"${escaped.join('')}"`,
    ...(plain ? [`r"${text}"`, `r#"${text}"#`] : []),
    ...(value.length <= 8 ? [`"${octal.join('')}"`] : []),
    ...(hex.length > 1 ? [hex.join(':')] : []),
  );
}
