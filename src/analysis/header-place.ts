// Where headers begin in an IPv6 packet, told by what of the packet lies behind: a header that is farther on has less.

import { type Diagrams, type Edge, ONE } from './bdd';
import { type Bits, constant, equal, less, sum } from './binary';
import { isAtLeast, lengthOf, type Space } from './model';
import { LENGTH_BITS } from './variable';

export type Place = 'transport' | 'fragment_header' | 'behind_header';

/** So many bytes behind the other. */
export function isBehind(space: Space, later: Place, earlier: Place, bytes: number): Edge {
  const d = space.diagrams;
  return d.and(
    equal(d, plus(d, lengthOf(space, later), bytes), lengthOf(space, earlier)),
    isAtLeast(space, earlier, bytes),
  );
}

/** So many bytes behind the other, or a multiple of 2^bits bytes more. */
export function isBehindBy(space: Space, later: Place, earlier: Place, bytes: number, bits: number): Edge {
  const d = space.diagrams;
  const [short, long] = [plus(d, lengthOf(space, later), bytes), lengthOf(space, earlier)];
  return d.every([
    equal(d, short.slice(-bits), long.slice(-bits)),
    d.not(less(d, long, short)),
    // The sum has not gone beyond 32 bits.
    d.not(less(d, long, lengthOf(space, later))),
  ]);
}

/** At most so many bytes behind the fixed header. */
export function isNear(space: Space, place: Place, bytes: number): Edge {
  const d = space.diagrams;
  const behind = lengthOf(space, 'behind_header');
  const rest = plus(d, behind, 2 ** LENGTH_BITS - bytes);
  return d.choose(isAtLeast(space, 'behind_header', bytes), ONE, d.not(less(d, lengthOf(space, place), rest)));
}

function plus(d: Diagrams, bits: Bits, bytes: number): Bits {
  return sum(d, bits, constant(BigInt(bytes), LENGTH_BITS));
}
