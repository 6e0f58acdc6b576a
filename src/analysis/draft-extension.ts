// The chain of IPv6 extension headers that an assignment asks for (RFC 8200 section 4), as short as it can be.

import { NEXTHDR_DEST, NEXTHDR_FRAGMENT, WALKED } from '../packet/extension-header';
import { IPV6_HEADER } from '../packet/header';
import { type Assignment, bitOf, numberOf } from './assignment';
import { type Draft, fill, type Starts } from './draft';
import { byteBits, type FactName, type LengthName, l4protoBits, lengthBits } from './variable';

const FRAGMENT_HEADER = 8;
/** A header that says so is longer than what follows it, and the chain leads out of the packet. */
const LONGEST = (255 + 1) * 8;

/** Fills the headers in and says where things are. */
export function extensionHeaders(assignment: Assignment, draft: Draft): Starts {
  const nextHeader = numberOf(assignment, byteBits('network', 6));
  const l4proto = numberOf(assignment, l4protoBits());
  const transport = isFound(assignment, 'transport_found') ? startOf(assignment, 'transport', draft) : undefined;
  if (!WALKED.has(nextHeader)) return { networkEnd: IPV6_HEADER, transport, fragmentHeader: undefined };
  if (isFound(assignment, 'fragment_header_found')) {
    const fragmentHeader = startOf(assignment, 'fragment_header', draft);
    const following = followingFragment(assignment, l4proto);
    if (fragmentHeader > IPV6_HEADER) extend(draft, IPV6_HEADER, fragmentHeader, NEXTHDR_FRAGMENT);
    fill(draft, fragmentHeader, [following, 0, 0, 0, 0, 0, 0, 7]);
    const behind = fragmentHeader + FRAGMENT_HEADER;
    if (WALKED.has(following)) extend(draft, behind, transport ?? behind + LONGEST, l4proto);
    return { networkEnd: IPV6_HEADER, transport, fragmentHeader };
  }
  const last = isFound(assignment, 'l4proto_found') ? l4proto : NEXTHDR_DEST;
  extend(draft, IPV6_HEADER, transport ?? IPV6_HEADER + LONGEST, last);
  return { networkEnd: Number.POSITIVE_INFINITY, transport, fragmentHeader: undefined };
}

/** What the Fragment header says comes next: more extension headers only where it is asked to. */
function followingFragment(assignment: Assignment, l4proto: number): number {
  const room = lengthOf(assignment, 'fragment_header') - lengthOf(assignment, 'transport');
  const stretched = isFound(assignment, 'transport_found') && room > FRAGMENT_HEADER;
  const asked = numberOf(assignment, byteBits('fragment_header', 0));
  return stretched ? NEXTHDR_DEST : WALKED.has(asked) ? asked : l4proto;
}

/** One header from start to end, filled up with the option PadN. */
function extend(draft: Draft, start: number, end: number, nextHeader: number): void {
  fill(draft, start, [nextHeader, (end - start) / 8 - 1, 1, Math.min(255, end - start - 4)]);
}

function startOf(assignment: Assignment, name: LengthName, draft: Draft): number {
  return draft.bytes.length - lengthOf(assignment, name);
}

function lengthOf(assignment: Assignment, name: LengthName): number {
  return numberOf(assignment, lengthBits(name));
}

function isFound(assignment: Assignment, name: FactName): boolean {
  return bitOf(assignment, { kind: 'fact', name });
}
