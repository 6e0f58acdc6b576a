// Values while an expression runs: of the same types as the language's. A missing value is `undefined`.

import type { Address } from '../net/address';

export type Value = boolean | bigint | Address | Uint8Array | ArrayValue | MapValue;

export interface ArrayValue {
  readonly kind: 'array';
  readonly items: readonly Value[];
}

export interface MapValue {
  readonly kind: 'map';
  /** In ascending order of the keys' bytes; each byte of a key is one character U+0000 to U+00FF. */
  readonly entries: ReadonlyMap<string, Value>;
}

export function arrayValue(items: readonly Value[]): ArrayValue {
  return { kind: 'array', items };
}

export function mapValue(entries: Iterable<readonly [key: Uint8Array, value: Value]>): MapValue {
  const keyed = [...entries].map(([key, value]) => [latin1(key), value] as const);
  return { kind: 'map', entries: new Map(keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) };
}

/** Bytes as text of one character each: a key of maps and sets, and what regular expressions run over. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** undefined when the bytes are no UTF-8. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : undefined;
}
