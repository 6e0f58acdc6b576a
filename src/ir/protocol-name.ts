// `ip.proto` is a string with 256 possible values, so any condition on it, functions included, is a set of protocol
// numbers: those with a name that the language's own evaluator accepts. The value is a number's first name; its other
// names are only other ways to write it, in a comparison for equality and in a set.

import { normalize } from '../net/interval-set';
import { protocolNames } from '../net/protocol-number';
import { FALSE, type Formula, L4PROTO, test } from './formula';

export function lowerProtocolName(names: 'first' | 'all', accepts: (name: string) => boolean): Formula {
  const numbers = Array.from({ length: 256 }, (_, number) => number).filter(number =>
    (names === 'all' ? protocolNames(number) : protocolNames(number).slice(0, 1)).some(accepts),
  );
  if (numbers.length === 0) return FALSE;
  return test(L4PROTO, normalize(numbers.map(number => ({ from: BigInt(number), to: BigInt(number) }))));
}
