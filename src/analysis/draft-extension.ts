// The chain of IPv6 extension headers that an assignment asks for, one for each choice that extension-chain.ts leaves.

import { NEXTHDR_AUTH, NEXTHDR_DEST, NEXTHDR_FRAGMENT, NEXTHDR_NONE, WALKED } from '../packet/extension-header';
import { IPV6_HEADER } from '../packet/header';
import { type Assignment, bitOf, numberOf } from './assignment';
import { type Draft, fill, type Starts } from './draft';
import { fillChain, fragmentHeader, HEADER, placeFrom } from './draft-header';
import { LAST_PLACE } from './extension-chain';
import { byteBits, type FactName, type LengthName, l4protoBits, lengthBits } from './variable';

const AUTH_WITH_DIGEST = 24;
const FRAGMENT_SEEN = 4;
/** An Authentication Header behind a Fragment header counts with so much of it there, as a transport header with more. */
const AUTH_SEEN = 2;
const LATER = 1 << 3;

interface Asked {
  /** What follows the fixed header. */
  readonly first: number;
  readonly l4proto: number | undefined;
  readonly transport: number | undefined;
  readonly fragment: number | undefined;
}

/** Fills the headers in and says where things are. */
export function extensionHeaders(assignment: Assignment, draft: Draft): Starts {
  const asked: Asked = {
    first: numberOf(assignment, byteBits('network', 6)),
    l4proto: isFound(assignment, 'l4proto_found') ? numberOf(assignment, l4protoBits()) : undefined,
    transport: isFound(assignment, 'transport_found') ? startOf(assignment, 'transport', draft) : undefined,
    fragment: isFound(assignment, 'fragment_header_found') ? startOf(assignment, 'fragment_header', draft) : undefined,
  };
  const { first, transport, fragment } = asked;
  fillHeaders(draft, asked);
  if (fragment !== undefined) {
    const following = numberOf(assignment, byteBits('fragment_header', 0));
    const offset = numberOf(assignment, [...byteBits('fragment_header', 2), ...byteBits('fragment_header', 3)]);
    fill(draft, fragment, fragmentHeader(following, offset));
    if (WALKED.has(following)) fillBehindFragment(draft, asked, fragment + HEADER, following);
  }
  // Bytes behind a Fragment header that comes first are read as that header's.
  const isPlain = WALKED.has(first) && !(first === NEXTHDR_FRAGMENT && fragment !== undefined);
  return { networkEnd: isPlain ? Number.POSITIVE_INFINITY : IPV6_HEADER, transport, fragmentHeader: fragment };
}

/** Up to the first Fragment header or, where there is none, to the upper layer. */
function fillHeaders(draft: Draft, asked: Asked): void {
  const { first, l4proto, transport, fragment } = asked;
  const start = IPV6_HEADER;
  const auth = authenticationHeader(asked);
  if (auth !== undefined) {
    fillChain(draft, { start, end: auth, first, next: NEXTHDR_AUTH });
    const [end, next] = fragment === undefined ? [auth + AUTH_WITH_DIGEST, NEXTHDR_NONE] : [fragment, NEXTHDR_FRAGMENT];
    fillChain(draft, { start: auth, end, first: NEXTHDR_AUTH, next });
  } else if (fragment !== undefined) {
    fillChain(draft, { start, end: fragment, first, next: NEXTHDR_FRAGMENT });
  } else if (WALKED.has(first)) {
    const end = transport ?? placeFrom(start, draft.bytes.length + 1);
    fillChain(draft, { start, end, first, next: l4proto ?? NEXTHDR_DEST });
  }
}

/** It ends the walk to the upper layer, but not the one to the first Fragment header. */
function authenticationHeader({ l4proto, transport, fragment = Number.POSITIVE_INFINITY }: Asked): number | undefined {
  if (l4proto === NEXTHDR_AUTH && transport !== undefined && transport < fragment) return transport;
  if (
    l4proto !== undefined ||
    fragment === Number.POSITIVE_INFINITY ||
    fragment < IPV6_HEADER + LAST_PLACE + 2 * HEADER
  )
    return;
  return fragment - HEADER - (fragment % HEADER);
}

/** More headers behind a Fragment header. Without a transport header a second fragment, if there is room for one. */
function fillBehindFragment(draft: Draft, { l4proto, transport }: Asked, start: number, first: number): void {
  const { length } = draft.bytes;
  const next = l4proto ?? NEXTHDR_DEST;
  const second = first === NEXTHDR_FRAGMENT ? start : start + HEADER;
  if (transport !== undefined || l4proto === NEXTHDR_AUTH) {
    fillChain(draft, { start, end: transport ?? length - AUTH_SEEN, first, next });
  } else if (second + FRAGMENT_SEEN <= length) {
    fillChain(draft, { start, end: second, first, next: NEXTHDR_FRAGMENT });
    fill(draft, second, fragmentHeader(next, LATER));
  } else {
    fillChain(draft, { start, end: placeFrom(start, length - AUTH_SEEN), first, next });
  }
}

function startOf(assignment: Assignment, name: LengthName, draft: Draft): number {
  return draft.bytes.length - numberOf(assignment, lengthBits(name));
}

function isFound(assignment: Assignment, name: FactName): boolean {
  return bitOf(assignment, { kind: 'fact', name });
}
