// Where a row of the packet scheme says that a value lies, as the load and the number that tests are made of.

import type { Place } from '../language/field/packet-field';
import type { Formula, Load } from './formula';
import { atLeast, type PacketNumber } from './number';

/** One for all tests of a place. */
export function loadOf(place: Place): Load {
  const known = LOADS.get(place);
  if (known !== undefined) return known;
  const { segment, offset, length } = place;
  const load: Load = { kind: 'bytes', segment, from: 'start', offset, length };
  LOADS.set(place, load);
  return load;
}

const LOADS = new WeakMap<Place, Load>();

export function numberAt(place: Place, guards: readonly Formula[]): PacketNumber {
  const { mask, where, plus = 0n } = place;
  const shift = mask === undefined ? 0 : trailingZeros(mask);
  const number = { guards, load: loadOf(place), mask, shift, plus };
  if (where === undefined) return number;
  return { ...number, guards: [...guards, atLeast(numberAt(where.place, []), where.atLeast)] };
}

function trailingZeros(mask: bigint): number {
  let count = 0;
  while (((mask >> BigInt(count)) & 1n) === 0n) count++;
  return count;
}
