// `ip.proto` is a string with 256 possible values, so any condition on it, functions included, is a set of protocol
// numbers: those with a name that the language's own evaluator accepts. The value is a number's first name; its other
// names are only other ways to write it, in a comparison for equality and in a set.

import { normalize } from '../net/interval-set';
import { protocolNames } from '../net/protocol-number';
import { FALSE, type Formula, L4PROTO, test } from './formula';

const NUMBERS: readonly number[] = Array.from({ length: 256 }, (_, number) => number);

export function lowerProtocolName(accepts: (name: string) => boolean): Formula {
  return oneOf(NUMBERS.filter(number => protocolNames(number).slice(0, 1).some(accepts)));
}

/** Of all the names that a number has. */
export function lowerProtocolEquality(values: readonly Uint8Array[]): Formula {
  const names = values.map(value => Buffer.from(value).toString('latin1'));
  return oneOf(names.flatMap(name => BY_NAME.get(name) ?? []));
}

const BY_NAME: ReadonlyMap<string, number> = new Map(
  NUMBERS.flatMap(number => protocolNames(number).map(name => [name, number] as const)),
);

function oneOf(numbers: readonly number[]): Formula {
  if (numbers.length === 0) return FALSE;
  return test(L4PROTO, normalize(numbers.map(number => ({ from: BigInt(number), to: BigInt(number) }))));
}
