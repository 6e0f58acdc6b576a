// Tests on well-known places of a packet, to write formulas with.

import { test as irTest, type Load, type Test } from '../../../src/ir/formula';
import { normalize } from '../../../src/net/interval-set';
import type { Segment } from '../../../src/packet/packet';

/** Numbers, or pairs for closed ranges. */
export type Values = readonly (number | readonly [number, number])[];

function values(list: Values) {
  return normalize(
    list
      .map(each => (typeof each === 'number' ? [each, each] : each))
      .map(([a, b]) => ({ from: BigInt(a), to: BigInt(b) })),
  );
}

export function bytes(segment: Segment, offset: number, length: number, ...list: Values): Test {
  const load: Load = { kind: 'bytes', segment, from: 'start', offset, length };
  return irTest(load, values(list));
}

export const PROTO = (...list: Values): Test => irTest({ kind: 'l4proto' }, values(list));
export const SPORT = (...list: Values): Test => bytes('transport', 0, 2, ...list);
export const DPORT = (...list: Values): Test => bytes('transport', 2, 2, ...list);
export const FRAGMENT = (...list: Values): Test => bytes('fragment_header', 2, 2, ...list);
export const LENGTH = (...list: Values): Test => irTest({ kind: 'length', segment: 'network' }, values(list));
export const TTL = (...list: Values): Test => bytes('network', 8, 1, ...list);
export const LISTED: Test = { ...bytes('network', 12, 4, 1), list: 'office' };

/** A printed formula, line by line. */
export function text(...lines: readonly string[]): string {
  return lines.join('\n');
}
