// The walks along IPv6 extension headers that nf_tables makes, both by ipv6_find_hdr (net/ipv6/exthdrs_core.c): to the
// upper-layer protocol, and to the first Fragment header. They treat an Authentication Header differently.

import { uint16 } from '../net/big-endian';
import { IPV6_HEADER } from './header';

export const NEXTHDR_HOP = 0;
export const NEXTHDR_ROUTING = 43;
export const NEXTHDR_FRAGMENT = 44;
export const NEXTHDR_AUTH = 51;
export const NEXTHDR_NONE = 59;
export const NEXTHDR_DEST = 60;
/** Those that the walk to the upper-layer protocol goes through. */
export const WALKED: ReadonlySet<number> = new Set([NEXTHDR_HOP, NEXTHDR_ROUTING, NEXTHDR_FRAGMENT, NEXTHDR_DEST]);

/**
 * The upper-layer protocol after the extension headers, as ipv6_find_hdr (net/ipv6/exthdrs_core.c) reports it to
 * nf_tables: an Authentication Header ends the walk and counts as the protocol, a later fragment has a protocol but
 * no transport header, and a header that is cut off leaves nothing at all.
 */
export function findUpperLayer(bytes: Uint8Array): { l4proto: number; transport: number | undefined } | undefined {
  let nextHeader = bytes[6] as number;
  let start = IPV6_HEADER;
  let fragmented = false;
  while (WALKED.has(nextHeader)) {
    const following = bytes[start];
    const length = bytes[start + 1];
    if (following === undefined || length === undefined) return undefined;
    if (nextHeader === NEXTHDR_ROUTING && start + 4 > bytes.length) return undefined;
    if (nextHeader === NEXTHDR_FRAGMENT) {
      if (start + 4 > bytes.length) return undefined;
      if ((uint16(bytes, start + 2) & ~7) !== 0) {
        const extension = WALKED.has(following) || following === NEXTHDR_AUTH;
        return extension ? undefined : { l4proto: following, transport: undefined };
      }
      start += 8;
      fragmented = true;
    } else {
      start += (length + 1) * 8;
    }
    nextHeader = following;
  }
  if (nextHeader === NEXTHDR_AUTH && start + 2 > bytes.length) return undefined;
  if (start > 0xffff) return undefined;
  return { l4proto: nextHeader, transport: fragmented && start + 3 > bytes.length ? undefined : start };
}

/**
 * Offset of the first Fragment header, as nft_exthdr_ipv6_eval finds it: this walk goes on behind an Authentication
 * Header, whose length counts in units of 4 bytes (RFC 4302 section 2.2), and wants four bytes of the header it looks for.
 */
export function findFragmentHeader(bytes: Uint8Array): number | undefined {
  let nextHeader = bytes[6] as number;
  let start = IPV6_HEADER;
  while (nextHeader !== NEXTHDR_FRAGMENT) {
    if (!WALKED.has(nextHeader) && nextHeader !== NEXTHDR_AUTH) return undefined;
    const following = bytes[start];
    const length = bytes[start + 1];
    if (following === undefined || length === undefined) return undefined;
    if (nextHeader === NEXTHDR_ROUTING && start + 4 > bytes.length) return undefined;
    start += nextHeader === NEXTHDR_AUTH ? (length + 2) * 4 : (length + 1) * 8;
    nextHeader = following;
  }
  return start + 4 <= bytes.length ? start : undefined;
}
