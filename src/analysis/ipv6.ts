// IPv6 packets (RFC 8200) as the diagrams know them: exactly where no extension header follows; behind one only what
// every chain of them has in common.

import type { Diagrams } from './bdd';
import { type Edge, ONE } from './bdd';
import { type Bits, equal, less, widened } from './binary';
import {
  bytesOf,
  is,
  isAtLeast,
  isOneOf,
  l4protoOf,
  lengthOf,
  type PacketModel,
  type Reading,
  type Space,
  variableOf,
} from './model';
import { LENGTH_BITS } from './variable';

const FIXED_HEADER = 40;
const NEXTHDR_HOP = 0;
const NEXTHDR_AUTH = 51;
/** Hop-by-hop options, routing, fragment, destination options: what the walk to the upper layer goes through. */
const WALKED = [NEXTHDR_HOP, 43, 44, 60];

export function ipv6Model(diagrams: Diagrams): PacketModel {
  const space: Space = { family: 'ip6', diagrams };
  const d = diagrams;
  const extended = isOneOf(space, nextHeader(space), ...WALKED);
  return {
    ...space,
    world: d.every([
      is(space, bytesOf(space, 'network', 0, 1).slice(0, 4), 6),
      statedLength(space),
      d.choose(extended, withoutExtensions(space), behindExtensions(space)),
    ]),
    l4protoFound: l4protoFound(space),
    transportFound: transportFound(space),
    uncounted: FIXED_HEADER,
    networkReadings: (offset, length) => networkReadings(space, offset, length, extended),
  };
}

/** The payload length field; 0 before hop-by-hop options is a jumbogram's (RFC 2675). */
function statedLength(space: Space): Edge {
  const d = space.diagrams;
  const field = bytesOf(space, 'network', 4, 2);
  const jumbogram = d.and(is(space, field, 0), is(space, nextHeader(space), NEXTHDR_HOP));
  return d.or(equal(d, lengthOf(space, 'behind_header'), widened(field, LENGTH_BITS)), jumbogram);
}

function withoutExtensions(space: Space): Edge {
  const d = space.diagrams;
  const cutOff = d.minus(is(space, nextHeader(space), NEXTHDR_AUTH), isAtLeast(space, 'behind_header', 2));
  const neither = d.minus(d.not(l4protoFound(space)), transportFound(space));
  const both = d.every([
    l4protoFound(space),
    transportFound(space),
    equal(d, l4protoOf(space), nextHeader(space)),
    equal(d, lengthOf(space, 'transport'), lengthOf(space, 'behind_header')),
  ]);
  return d.choose(cutOff, both, neither);
}

/** Extension headers are multiples of eight bytes. */
function behindExtensions(space: Space): Edge {
  const d = space.diagrams;
  const whole = lengthOf(space, 'behind_header');
  const transport = lengthOf(space, 'transport');
  const shorter = d.and(less(d, transport, whole), equal(d, transport.slice(-3), whole.slice(-3)));
  const ended = d.minus(isAtLeast(space, 'behind_header', 2), isOneOf(space, l4protoOf(space), ...WALKED));
  return d.every([
    d.choose(transportFound(space), ONE, d.and(l4protoFound(space), shorter)),
    d.choose(l4protoFound(space), ONE, ended),
  ]);
}

function networkReadings(space: Space, offset: number, length: number, extended: Edge): Reading[] {
  const d = space.diagrams;
  const end = offset + length;
  const plain = bytesOf(space, 'network', offset, length);
  if (end <= FIXED_HEADER) return [{ present: ONE, bits: plain }];
  const long = isAtLeast(space, 'behind_header', end - FIXED_HEADER);
  const before = Math.min(length, Math.max(0, FIXED_HEADER - offset));
  const direct = [
    ...bytesOf(space, 'network', offset, before),
    ...bytesOf(space, 'transport', offset + before - FIXED_HEADER, length - before),
  ];
  return [
    { present: d.minus(long, extended), bits: direct },
    { present: d.and(long, extended), bits: plain },
  ];
}

function nextHeader(space: Space): Bits {
  return bytesOf(space, 'network', 6, 1);
}

function l4protoFound(space: Space): Edge {
  return variableOf(space, { kind: 'fact', name: 'l4proto_found' });
}

function transportFound(space: Space): Edge {
  return variableOf(space, { kind: 'fact', name: 'transport_found' });
}
