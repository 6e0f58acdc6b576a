// What the two walks along a chain of IPv6 extension headers find (packet/extension-header.ts): the upper-layer protocol
// with its transport header, and the first Fragment header. It is exactly what some chain leads to, so that a packet can
// be drafted of whatever is left of it (draft-extension.ts).

import { NEXTHDR_AUTH, NEXTHDR_FRAGMENT, NEXTHDR_ROUTING, WALKED } from '../packet/extension-header';
import type { Edge } from './bdd';
import { ONE } from './bdd';
import { type Bits, constant, equal } from './binary';
import { isBehind, isBehindBy, isNear, type Place } from './header-place';
import { bytesOf, factOf, is, isAtLeast, isOneOf, l4protoOf, lengthOf, type Space } from './model';

/** A Fragment header's, and the least of the others. */
const HEADER = 8;
/** Headers are multiples of 2^3 bytes, Authentication Headers of 2^2. */
const HEADER_BITS = 3;
const AUTH_BITS = 2;
/** What of a header has to be there for the walks to go on. */
const SEEN = 2;
const FRAGMENT_SEEN = 4;
const ROUTING_SEEN = 4;
/** And of a first fragment. */
const TRANSPORT_SEEN = 3;
/** Behind the fixed header: farther on, beyond 64 KiB, no header counts as the upper layer's. */
export const LAST_PLACE = 65_488;

/** What all that follows the fixed header leads to. */
export function extensionChain(space: Space): Edge {
  const d = space.diagrams;
  return d.choose(
    isNextHeader(space, NEXTHDR_FRAGMENT),
    d.choose(
      isNextHeader(space, NEXTHDR_AUTH),
      d.choose(isNextHeader(space, ...WALKED), withoutExtensions(space), withExtensions(space)),
      withAuthentication(space),
    ),
    withFragmentHeader(space),
  );
}

export function isNextHeader(space: Space, ...numbers: readonly number[]): Edge {
  return isOneOf(space, nextHeader(space), ...numbers);
}

function nextHeader(space: Space): Bits {
  return bytesOf(space, 'network', 6, 1);
}

function withoutExtensions(space: Space): Edge {
  const d = space.diagrams;
  return d.every([
    d.not(fragmentFound(space)),
    transportIs(space, nextHeader(space)),
    startsAtOnce(space, 'transport'),
  ]);
}

/** An Authentication Header is the first one: the upper layer's, and one that may have a Fragment header behind it. */
function withAuthentication(space: Space): Edge {
  const d = space.diagrams;
  const whole = d.every([
    transportIs(space, nextHeader(space)),
    startsAtOnce(space, 'transport'),
    d.or(d.not(fragmentFound(space)), fragmentBehindAuth(space)),
  ]);
  const cut = d.minus(nothingFound(space), fragmentFound(space));
  return d.choose(isAtLeast(space, 'behind_header', SEEN), cut, whole);
}

/** A Fragment header is the first one. */
function withFragmentHeader(space: Space): Edge {
  const d = space.diagrams;
  const whole = d.every([fragmentFound(space), startsAtOnce(space, 'fragment_header'), behindFragmentHeader(space)]);
  const cut = d.minus(nothingFound(space), fragmentFound(space));
  return d.choose(isAtLeast(space, 'behind_header', FRAGMENT_SEEN), cut, whole);
}

/** Hop-by-hop options, a routing header or destination options are the first one. */
function withExtensions(space: Space): Edge {
  const d = space.diagrams;
  const fragmented = d.some([
    d.and(isBehindBy(space, 'fragment_header', 'behind_header', HEADER, HEADER_BITS), behindFragmentHeader(space)),
    d.every([
      transportIs(space, constant(BigInt(NEXTHDR_AUTH), 8)),
      transportBehind(space, 'behind_header', HEADER),
      fragmentBehindAuth(space),
    ]),
    fragmentOutOfReach(space),
  ]);
  return d.choose(
    fragmentFound(space),
    unfragmented(space),
    d.and(isAtLeast(space, 'fragment_header', FRAGMENT_SEEN), fragmented),
  );
}

function unfragmented(space: Space): Edge {
  const d = space.diagrams;
  const isWhole = d.or(d.not(isAuthentication(space)), isAtLeast(space, 'transport', SEEN));
  const seen = (bytes: number) => isAtLeast(space, 'behind_header', bytes);
  // The last header says what follows, and that would begin behind the packet's end.
  const endsBefore = d.every([
    d.not(isAuthentication(space)),
    d.choose(isNextHeader(space, NEXTHDR_ROUTING), seen(SEEN), seen(ROUTING_SEEN)),
    d.not(seen(LAST_PLACE)),
  ]);
  return upperLayer(space, d.and(transportBehind(space, 'behind_header', HEADER), isWhole), endsBefore);
}

/** Behind an Authentication Header, which is the upper layer's. */
function fragmentBehindAuth(space: Space): Edge {
  const seen = isAtLeast(space, 'fragment_header', FRAGMENT_SEEN);
  return space.diagrams.and(seen, isBehindBy(space, 'fragment_header', 'transport', HEADER, AUTH_BITS));
}

/** Behind an Authentication Header that lies too far on. */
function fragmentOutOfReach(space: Space): Edge {
  const d = space.diagrams;
  const place = isBehindBy(space, 'fragment_header', 'behind_header', HEADER, AUTH_BITS);
  return d.every([
    nothingFound(space),
    place,
    d.not(isNear(space, 'fragment_header', LAST_PLACE + HEADER + HEADER - 1)),
  ]);
}

/** A Fragment header that is on the way to the upper layer. */
function behindFragmentHeader(space: Space): Edge {
  const d = space.diagrams;
  const following = fragmentFollowing(space);
  const isExtension = isOneOf(space, following, ...WALKED, NEXTHDR_AUTH);
  return d.choose(
    isFirstFragment(space),
    d.choose(isExtension, protocolIs(space, following), nothingFound(space)),
    d.choose(isOneOf(space, following, ...WALKED), firstFragment(space), extendedFragment(space)),
  );
}

/** The upper layer follows. */
function firstFragment(space: Space): Edge {
  const d = space.diagrams;
  const following = fragmentFollowing(space);
  const isCut = d.minus(is(space, following, NEXTHDR_AUTH), isAtLeast(space, 'fragment_header', HEADER + SEEN));
  const isReached = d.minus(isNear(space, 'fragment_header', LAST_PLACE - HEADER), isCut);
  const whole = d.and(transportIs(space, following), isBehind(space, 'transport', 'fragment_header', HEADER));
  const isLong = isAtLeast(space, 'fragment_header', HEADER + TRANSPORT_SEEN);
  return d.choose(isReached, nothingFound(space), d.choose(isLong, protocolIs(space, following), whole));
}

/** More extension headers follow. */
function extendedFragment(space: Space): Edge {
  const d = space.diagrams;
  const has = (bytes: number) => isAtLeast(space, 'fragment_header', HEADER + bytes);
  const following = (...numbers: readonly number[]) => isOneOf(space, fragmentFollowing(space), ...numbers);
  const isSeen = d.choose(following(NEXTHDR_ROUTING, NEXTHDR_FRAGMENT), has(SEEN), has(ROUTING_SEEN));
  const endsNear = d.not(isAtLeast(space, 'behind_header', LAST_PLACE + TRANSPORT_SEEN));
  // A later Fragment header says it, or less than three bytes are left: of an Authentication Header two.
  const isLater = d.or(has(HEADER + FRAGMENT_SEEN), following(NEXTHDR_FRAGMENT));
  const isEnd = d.and(endsNear, isNear(space, 'fragment_header', LAST_PLACE - HEADER - HEADER));
  const isCutAuth = d.every([
    endsNear,
    has(HEADER + SEEN),
    is(space, lengthOf(space, 'fragment_header').slice(-HEADER_BITS), SEEN),
  ]);
  return upperLayer(
    space,
    d.and(transportBehind(space, 'fragment_header', HEADER + HEADER), isAtLeast(space, 'transport', TRANSPORT_SEEN)),
    d.choose(isAuthentication(space), d.and(isSeen, d.or(isLater, isEnd)), isCutAuth),
  );
}

/** What the walk to the upper layer finds: a transport header, the protocol alone, or nothing. */
function upperLayer(space: Space, transport: Edge, protocol: Edge): Edge {
  const d = space.diagrams;
  const found = d.minus(factOf(space, 'l4proto_found'), isOneOf(space, l4protoOf(space), ...WALKED));
  return d.choose(
    factOf(space, 'transport_found'),
    d.choose(factOf(space, 'l4proto_found'), ONE, d.and(found, protocol)),
    d.and(found, transport),
  );
}

function nothingFound(space: Space): Edge {
  const d = space.diagrams;
  return d.minus(d.not(factOf(space, 'l4proto_found')), factOf(space, 'transport_found'));
}

/** And no transport header. */
function protocolIs(space: Space, number: Bits): Edge {
  const d = space.diagrams;
  const found = d.minus(factOf(space, 'l4proto_found'), factOf(space, 'transport_found'));
  return d.and(found, equal(d, l4protoOf(space), number));
}

function transportIs(space: Space, number: Bits): Edge {
  const d = space.diagrams;
  const found = d.and(factOf(space, 'l4proto_found'), factOf(space, 'transport_found'));
  return d.and(found, equal(d, l4protoOf(space), number));
}

function isAuthentication(space: Space): Edge {
  return is(space, l4protoOf(space), NEXTHDR_AUTH);
}

function startsAtOnce(space: Space, place: Place): Edge {
  return isBehind(space, place, 'behind_header', 0);
}

/** Behind headers of so many bytes at the least. */
function transportBehind(space: Space, earlier: Place, bytes: number): Edge {
  const d = space.diagrams;
  return d.and(isBehindBy(space, 'transport', earlier, bytes, HEADER_BITS), isNear(space, 'transport', LAST_PLACE));
}

function fragmentFound(space: Space): Edge {
  return factOf(space, 'fragment_header_found');
}

/** The Fragment header's Next Header field (RFC 8200 section 4.5). */
function fragmentFollowing(space: Space): Bits {
  return bytesOf(space, 'fragment_header', 0, 1);
}

function isFirstFragment(space: Space): Edge {
  return is(space, bytesOf(space, 'fragment_header', 2, 2).slice(0, 13), 0);
}
