// IPv6 packets (RFC 8200) as the diagrams know them: exactly where no extension header follows, or only a Fragment header;
// behind others only what every chain of them has in common.

import type { Diagrams, Edge } from './bdd';
import { ONE } from './bdd';
import { type Bits, constant, equal, less, sum, widened } from './binary';
import {
  bytesOf,
  factOf,
  is,
  isAtLeast,
  isOneOf,
  l4protoOf,
  lengthOf,
  type PacketModel,
  type Reading,
  type Space,
} from './model';
import { LENGTH_BITS } from './variable';

const FIXED_HEADER = 40;
const NEXTHDR_HOP = 0;
const NEXTHDR_FRAGMENT = 44;
const NEXTHDR_AUTH = 51;
/** Hop-by-hop options, routing, fragment, destination options: what the walk to the upper layer goes through. */
const WALKED = [NEXTHDR_HOP, 43, NEXTHDR_FRAGMENT, 60];

export function ipv6Model(diagrams: Diagrams): PacketModel {
  const space: Space = { family: 'ip6', diagrams };
  const d = diagrams;
  const chain = d.choose(
    isNextHeader(space, NEXTHDR_FRAGMENT),
    d.choose(isNextHeader(space, ...WALKED), withoutExtensions(space), behindExtensions(space)),
    behindFragmentHeader(space),
  );
  const version = is(space, bytesOf(space, 'network', 0, 1).slice(0, 4), 6);
  return {
    ...space,
    world: d.every([version, statedLength(space), isShort(space), chain, anyFragmentHeader(space)]),
    l4protoFound: factOf(space, 'l4proto_found'),
    transportFound: factOf(space, 'transport_found'),
    fragmentHeaderFound: factOf(space, 'fragment_header_found'),
    uncounted: FIXED_HEADER,
    networkReadings: (offset, length) => networkReadings(space, offset, length),
  };
}

/** The payload length field; 0 before hop-by-hop options is a jumbogram's (RFC 2675). */
function statedLength(space: Space): Edge {
  const d = space.diagrams;
  const field = bytesOf(space, 'network', 4, 2);
  const jumbogram = d.and(is(space, field, 0), isNextHeader(space, NEXTHDR_HOP));
  return d.or(equal(d, lengthOf(space, 'behind_header'), widened(field, LENGTH_BITS)), jumbogram);
}

/** Lengths are numbers of 32 bits, fixed header included. */
function isShort(space: Space): Edge {
  return space.diagrams.not(isAtLeast(space, 'behind_header', 2 ** 32 - FIXED_HEADER));
}

function withoutExtensions(space: Space): Edge {
  const d = space.diagrams;
  const authenticated = isNextHeader(space, NEXTHDR_AUTH);
  const cutOff = d.minus(authenticated, isAtLeast(space, 'behind_header', 2));
  const found = d.every([
    factOf(space, 'l4proto_found'),
    factOf(space, 'transport_found'),
    equal(d, l4protoOf(space), nextHeader(space)),
    equal(d, lengthOf(space, 'transport'), lengthOf(space, 'behind_header')),
  ]);
  const unfragmented = d.or(authenticated, d.not(factOf(space, 'fragment_header_found')));
  return d.and(unfragmented, d.choose(cutOff, found, nothingFound(space)));
}

/** Extension headers are multiples of eight bytes. */
function behindExtensions(space: Space): Edge {
  const d = space.diagrams;
  const [l4protoFound, transportFound] = [factOf(space, 'l4proto_found'), factOf(space, 'transport_found')];
  const ended = d.minus(isAtLeast(space, 'behind_header', 2), isOneOf(space, l4protoOf(space), ...WALKED));
  return d.every([
    d.choose(transportFound, ONE, d.and(l4protoFound, liesBehind(space, 'transport', 'behind_header', 3))),
    d.choose(l4protoFound, ONE, ended),
  ]);
}

/** A Fragment header right behind the fixed header. Of a first fragment three bytes have to be there. */
function behindFragmentHeader(space: Space): Edge {
  const d = space.diagrams;
  const found = factOf(space, 'fragment_header_found');
  const following = bytesOf(space, 'fragment_header', 0, 1);
  const extension = isOneOf(space, following, ...WALKED, NEXTHDR_AUTH);
  const l4proto = d.and(factOf(space, 'l4proto_found'), equal(d, l4protoOf(space), following));
  const transport = d.choose(
    isAtLeast(space, 'behind_header', 8 + 3),
    d.not(factOf(space, 'transport_found')),
    d.and(factOf(space, 'transport_found'), hasTransportBehind(space, 8)),
  );
  const first = d.choose(extension, d.and(l4proto, transport), behindExtensions(space));
  const later = d.choose(extension, d.minus(l4proto, factOf(space, 'transport_found')), nothingFound(space));
  const whole = d.every([
    found,
    equal(d, lengthOf(space, 'fragment_header'), lengthOf(space, 'behind_header')),
    d.choose(isFirstFragment(space), later, first),
  ]);
  return d.choose(isAtLeast(space, 'behind_header', 4), d.minus(nothingFound(space), found), whole);
}

/** Wherever it stands. Only behind an Authentication Header it is not on the way to the transport header. */
function anyFragmentHeader(space: Space): Edge {
  const d = space.diagrams;
  const onTheWay = d.minus(factOf(space, 'transport_found'), is(space, l4protoOf(space), NEXTHDR_AUTH));
  const beforeTransport = d.and(isFirstFragment(space), liesBehind(space, 'transport', 'fragment_header', 3));
  const place = d.or(
    isNextHeader(space, NEXTHDR_FRAGMENT),
    d.and(isNextHeader(space, ...WALKED, NEXTHDR_AUTH), liesBehind(space, 'fragment_header', 'behind_header', 2)),
  );
  return d.choose(
    factOf(space, 'fragment_header_found'),
    ONE,
    d.every([place, isAtLeast(space, 'fragment_header', 4), d.choose(onTheWay, ONE, beforeTransport)]),
  );
}

type Start = 'transport' | 'fragment_header' | 'behind_header';

/** One start is behind the other by a multiple of 2^bits bytes, and not by none. */
function liesBehind(space: Space, later: Start, earlier: Start, bits: number): Edge {
  const d = space.diagrams;
  const [short, long] = [lengthOf(space, later), lengthOf(space, earlier)];
  return d.and(less(d, short, long), equal(d, short.slice(-bits), long.slice(-bits)));
}

function hasTransportBehind(space: Space, bytes: number): Edge {
  const d = space.diagrams;
  const behind = sum(d, lengthOf(space, 'transport'), constant(BigInt(bytes), LENGTH_BITS));
  return d.and(equal(d, behind, lengthOf(space, 'behind_header')), isAtLeast(space, 'behind_header', bytes));
}

function nothingFound(space: Space): Edge {
  const d = space.diagrams;
  return d.minus(d.not(factOf(space, 'l4proto_found')), factOf(space, 'transport_found'));
}

function isFirstFragment(space: Space): Edge {
  return is(space, bytesOf(space, 'fragment_header', 2, 2).slice(0, 13), 0);
}

function networkReadings(space: Space, offset: number, length: number): Reading[] {
  const d = space.diagrams;
  const end = offset + length;
  const plain = bytesOf(space, 'network', offset, length);
  if (end <= FIXED_HEADER) return [{ present: ONE, bits: plain }];
  const long = isAtLeast(space, 'behind_header', end - FIXED_HEADER);
  const before = Math.min(length, Math.max(0, FIXED_HEADER - offset));
  const continued = (region: 'transport' | 'fragment_header') => [
    ...bytesOf(space, 'network', offset, before),
    ...bytesOf(space, region, offset + before - FIXED_HEADER, length - before),
  ];
  const extended = isNextHeader(space, ...WALKED);
  const fragmented = d.and(isNextHeader(space, NEXTHDR_FRAGMENT), factOf(space, 'fragment_header_found'));
  return [
    { present: d.minus(long, extended), bits: continued('transport') },
    { present: d.and(long, fragmented), bits: continued('fragment_header') },
    { present: d.and(long, d.minus(extended, fragmented)), bits: plain },
  ];
}

function nextHeader(space: Space): Bits {
  return bytesOf(space, 'network', 6, 1);
}

function isNextHeader(space: Space, ...numbers: readonly number[]): Edge {
  return isOneOf(space, nextHeader(space), ...numbers);
}
