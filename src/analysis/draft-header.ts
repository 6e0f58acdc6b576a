// IPv6 extension headers (RFC 8200 section 4, RFC 4302 section 2) written into a draft, from one place to another in as few
// headers as it takes.

import { NEXTHDR_AUTH, NEXTHDR_DEST, NEXTHDR_FRAGMENT } from '../packet/extension-header';
import { type Draft, fill } from './draft';

/** A Fragment header's, and the least of the others. */
export const HEADER = 8;
/** The length field counts 8 bytes behind the first 8; an Authentication Header's counts 4 bytes behind the first 8. */
const LONGEST = (255 + 1) * 8;
const LONGEST_AUTH = (255 + 2) * 4;
const IDENTIFICATION = 7;

export interface Chain {
  readonly start: number;
  /** Where what follows begins; it may lie beyond the packet's end. */
  readonly end: number;
  /** What the first header is, and what follows the last one. */
  readonly first: number;
  readonly next: number;
}

export function fillChain(draft: Draft, { start, end, first, next }: Chain): void {
  if (start >= end) return;
  const behind = start + lengthOfFirst(first, end - start);
  fill(draft, start, header(first, behind - start, behind === end ? next : NEXTHDR_DEST));
  fillChain(draft, { start: behind, end, first: NEXTHDR_DEST, next });
}

/** What is left for the others is a multiple of their greatest length, so that the last one is never a short one. */
function lengthOfFirst(first: number, length: number): number {
  if (first === NEXTHDR_FRAGMENT) return HEADER;
  if (first === NEXTHDR_AUTH) return length <= LONGEST_AUTH ? length : HEADER + (length % HEADER);
  return length <= LONGEST ? length : HEADER + ((length - HEADER) % LONGEST);
}

/** Filled up with the option PadN (RFC 8200 section 4.2). */
function header(kind: number, length: number, next: number): readonly number[] {
  if (kind === NEXTHDR_AUTH) return [next, length / 4 - 2];
  return kind === NEXTHDR_FRAGMENT ? fragmentHeader(next, 0) : [next, length / 8 - 1, 1, Math.min(255, length - 4)];
}

/** `offset` is the field with the offset in units of eight bytes and three bits behind it. */
export function fragmentHeader(next: number, offset: number): readonly number[] {
  return [next, 0, offset >> 8, offset & 0xff, 0, 0, 0, IDENTIFICATION];
}

/** The first place at `end` or behind it where headers may lead that begin at `start`. */
export function placeFrom(start: number, end: number): number {
  return start + Math.max(1, Math.ceil((end - start) / HEADER)) * HEADER;
}
