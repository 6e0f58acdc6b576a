// IPv4 packets (RFC 791) as the diagrams know them. The transport header begins where the header length says, so bytes
// behind the fixed header are options or transport by each of the length's eleven values.

import { between, of } from '../net/interval-set';
import type { Diagrams, Edge } from './bdd';
import { ONE, ZERO } from './bdd';
import { type Bits, equal, sum, widened, within } from './binary';
import { bytesOf, is, isAtLeast, lengthOf, type PacketModel, type Reading, type Space } from './model';
import { LENGTH_BITS } from './variable';

const FIXED_HEADER = 20;
const HEADER_WORDS = Array.from({ length: 11 }, (_, index) => 5 + index);

export function ipv4Model(diagrams: Diagrams): PacketModel {
  const space: Space = { family: 'ip', diagrams };
  const firstFragment = within(diagrams, bytesOf(space, 'network', 6, 2).slice(3), of(0n));
  return {
    ...space,
    world: world(space),
    l4protoFound: ONE,
    transportFound: firstFragment,
    fragmentHeaderFound: ZERO,
    uncounted: 0,
    networkReadings: (offset, length) => networkReadings(space, offset, length, firstFragment),
  };
}

function world(space: Space): Edge {
  const d = space.diagrams;
  const length = lengthOf(space, 'behind_header');
  const totalLength = bytesOf(space, 'network', 2, 2);
  const headerLength = widened([...headerWords(space), ZERO, ZERO], LENGTH_BITS);
  const behind = sum(d, lengthOf(space, 'transport'), headerLength);
  return d.every([
    is(space, bytesOf(space, 'network', 0, 1).slice(0, 4), 4),
    within(d, headerWords(space), between(5n, 15n)),
    equal(d, length, widened(totalLength, LENGTH_BITS)),
    equal(d, length, behind),
    // The sum has not gone beyond 32 bits.
    within(d, lengthOf(space, 'transport'), between(0n, 0xffff_ff00n)),
  ]);
}

function networkReadings(space: Space, offset: number, length: number, firstFragment: Edge): Reading[] {
  const d = space.diagrams;
  const end = offset + length;
  const long = end <= FIXED_HEADER ? ONE : isAtLeast(space, 'behind_header', end);
  const split = HEADER_WORDS.filter(words => words * 4 < end);
  const reachTransport = d.and(firstFragment, within(d, headerWords(space), between(0n, BigInt(split.at(-1) ?? 0))));
  return [
    { present: d.minus(long, reachTransport), bits: bytesOf(space, 'network', offset, length) },
    ...split.map(words => ({
      present: d.every([firstFragment, is(space, headerWords(space), words), long]),
      bits: acrossHeaderEnd(space, words * 4, offset, length),
    })),
  ];
}

/** Before the header's end options, behind it the transport header. */
function acrossHeaderEnd(space: Space, headerLength: number, offset: number, length: number): Bits {
  const before = Math.min(length, Math.max(0, headerLength - offset));
  return [
    ...bytesOf(space, 'network', offset, before),
    ...bytesOf(space, 'transport', offset + before - headerLength, length - before),
  ];
}

function headerWords(space: Space): Bits {
  return bytesOf(space, 'network', 0, 1).slice(4);
}
