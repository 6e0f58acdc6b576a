// `ip.proto` is a string with 256 possible values, so any condition on it, functions included, is a set of protocol
// numbers: those with a name that the language's own evaluator accepts.

import { normalize } from '../net/interval-set';
import { protocolNames } from '../net/protocol-number';
import { FALSE, type Formula, test } from './formula';

/** `accepts` is asked for each name; a number belongs to the set when one of its names is accepted. */
export function lowerProtocolName(accepts: (name: string) => boolean): Formula {
  const numbers = Array.from({ length: 256 }, (_, number) => number).filter(number =>
    protocolNames(number).some(accepts),
  );
  if (numbers.length === 0) return FALSE;
  return test({ kind: 'l4proto' }, normalize(numbers.map(number => ({ from: BigInt(number), to: BigInt(number) }))));
}
