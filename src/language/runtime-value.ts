// Values for a context from JSON: strings for Bytes and Ip, numbers for Int, arrays of byte numbers for Bytes that are no
// text, objects or [key, value] pairs for maps.

import { parseAddress } from '../net/address';
import type { Json } from './json';
import { printType, type Type } from './type';
import { arrayValue, mapValue, type Value } from './value';

/** Throws a RangeError that names the place when the JSON is not of the type. */
export function valueFromJson(json: Json, type: Type, place: string): Value {
  const value = convert(json, type, place);
  if (value === undefined) throw new RangeError(`${place} is no ${printType(type)}`);
  return value;
}

function convert(json: Json, type: Type, place: string): Value | undefined {
  switch (type.kind) {
    case 'Bool':
      return typeof json === 'boolean' ? json : undefined;
    case 'Int':
      return intFrom(json);
    case 'Ip':
      return typeof json === 'string' ? parseAddress(json) : undefined;
    case 'Bytes':
      return bytesFrom(json);
    case 'Array':
      return isArray(json)
        ? arrayValue(json.map((item, i) => valueFromJson(item, type.of, `${place}[${i}]`)))
        : undefined;
    case 'Map':
      return mapFrom(json, type.of, place);
  }
}

function isArray(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

function intFrom(json: Json): bigint | undefined {
  return typeof json === 'bigint' && BigInt.asIntN(64, json) === json ? json : undefined;
}

function bytesFrom(json: Json): Uint8Array | undefined {
  if (typeof json === 'string') return Buffer.from(json);
  if (!isArray(json)) return undefined;
  const bytes = json.map(item => (typeof item === 'bigint' && item >= 0n && item <= 255n ? Number(item) : undefined));
  return bytes.every(byte => byte !== undefined) ? Uint8Array.from(bytes) : undefined;
}

function mapFrom(json: Json, of: Type, place: string): Value | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const pairs: readonly Json[] = isArray(json) ? json : Object.entries(json);
  return mapValue(
    pairs.map(pair => {
      const key = isArray(pair) && pair.length === 2 ? bytesFrom(pair[0] ?? null) : undefined;
      if (key === undefined || !isArray(pair)) throw new RangeError(`${place} holds something else than [key, value]`);
      return [
        key,
        valueFromJson(pair[1] ?? null, of, `${place}[${JSON.stringify(Buffer.from(key).toString())}]`),
      ] as const;
    }),
  );
}
