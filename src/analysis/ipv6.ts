// IPv6 packets (RFC 8200) as the diagrams know them: the fixed header, and what the chain of extension headers leads to
// (extension-chain.ts). Of the extension headers' own bytes nothing is known but those of the first Fragment header.

import { NEXTHDR_FRAGMENT, NEXTHDR_HOP, WALKED } from '../packet/extension-header';
import type { Diagrams, Edge } from './bdd';
import { ONE } from './bdd';
import { equal, widened } from './binary';
import { extensionChain, isNextHeader } from './extension-chain';
import { bytesOf, factOf, is, isAtLeast, lengthOf, type PacketModel, type Reading, type Space } from './model';
import { LENGTH_BITS } from './variable';

const FIXED_HEADER = 40;

export function ipv6Model(diagrams: Diagrams): PacketModel {
  const space: Space = { family: 'ip6', diagrams };
  const d = diagrams;
  const version = is(space, bytesOf(space, 'network', 0, 1).slice(0, 4), 6);
  return {
    ...space,
    world: d.every([version, statedLength(space), isShort(space), extensionChain(space)]),
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
