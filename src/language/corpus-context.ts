// The values and lists of a corpus case. Lists of addresses hold networks, all others exact values; a list that does not
// exist holds nothing.

import { prefixInterval } from '../net/address';
import type { Context } from './execute/context';
import { STANDARD_FUNCTIONS } from './function/standard';
import type { Json } from './json';
import { parseNetwork } from './literal/network-text';
import { readType } from './read-type';
import { valueFromJson } from './runtime-value';
import type { Scheme } from './scheme';
import { sameType, type Type } from './type';
import { latin1, type Value } from './value';

/** Throws a RangeError when the text is no type. */
export function caseType(text: string): Type {
  const type = readType(text);
  if (type === undefined) throw new RangeError(`${text} is no type`);
  return type;
}

type ListsJson = Readonly<Record<string, Readonly<Record<string, readonly Json[]>>>>;

export interface CaseLists {
  readonly type: Type;
  readonly holds: ReadonlyMap<string, (value: Value) => boolean>;
}

/** Throws a RangeError for a type or an item that is none. */
export function caseLists(json: ListsJson): readonly CaseLists[] {
  return Object.entries(json).map(([text, lists]) => {
    const type = caseType(text);
    const entries = Object.entries(lists).map(([name, items]) => [name, listOf(type, items, name)] as const);
    return { type, holds: new Map(entries) };
  });
}

function listOf(type: Type, items: readonly Json[], name: string): (value: Value) => boolean {
  if (type.kind === 'Ip') return networks(items, name);
  const known = new Set(items.map(item => keyOf(valueFromJson(exact(item, type), type, `$${name}`))));
  return value => known.has(keyOf(value));
}

/** Integers in lists are written as strings. */
function exact(item: Json, type: Type): Json {
  return type.kind === 'Int' && typeof item === 'string' && /^-?[0-9]+$/.test(item) ? BigInt(item) : item;
}

function keyOf(value: Value): string {
  return value instanceof Uint8Array ? latin1(value) : String(value);
}

function networks(items: readonly Json[], name: string): (value: Value) => boolean {
  const parsed = items.map(item => {
    const network = typeof item === 'string' ? parseNetwork(item) : undefined;
    if (network === undefined) throw new RangeError(`$${name} holds something else than addresses and networks`);
    return { family: network.address.family, ...prefixInterval(network.address, network.length) };
  });
  return value =>
    typeof value === 'object' &&
    'family' in value &&
    parsed.some(({ family, from, to }) => family === value.family && value.value >= from && value.value <= to);
}

export function caseContext(
  { lists, context }: { readonly lists: ListsJson; readonly context?: Readonly<Record<string, Json>> | undefined },
  scheme: Scheme,
): Context {
  const read = caseLists(lists);
  return {
    fields: new Map(Object.entries(context ?? {}).map(([name, json]) => [name, fieldValue(scheme, name, json)])),
    functions: STANDARD_FUNCTIONS,
    inList: (type, name, value) => read.find(each => sameType(each.type, type))?.holds.get(name)?.(value) ?? false,
    nilNotEqual: scheme.nilNotEqual,
  };
}

function fieldValue(scheme: Scheme, name: string, json: Json): Value {
  const field = scheme.fields.get(name);
  if (field === undefined) throw new RangeError(`context: the scheme has no field ${name}`);
  return valueFromJson(json, field.type, name);
}
