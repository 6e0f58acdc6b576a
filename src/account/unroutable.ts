// Addresses that no packet is routed by (RFC 6890): what they are for, in words.

import { invariant } from '../diagnostic/invariant';
import { type Address, parseAddress } from '../net/address';
import { containsAddress, type Prefix } from '../net/prefix';

const UNROUTABLE: readonly (readonly [what: string, network: string, length: number])[] = [
  ['"this network"', '0.0.0.0', 8],
  ['the loopback', '127.0.0.0', 8],
  ['link-local', '169.254.0.0', 16],
  ['multicast', '224.0.0.0', 4],
  ['reserved', '240.0.0.0', 4],
  ['the unspecified address', '::', 128],
  ['the loopback', '::1', 128],
  ['IPv4 in IPv6', '::ffff:0.0.0.0', 96],
  ['link-local', 'fe80::', 10],
  ['multicast', 'ff00::', 8],
];

const PREFIXES = UNROUTABLE.map(([what, network, length]) => ({ what, prefix: prefixOf(network, length) }));

/** undefined for what is routed. */
export function unroutable(address: Address): string | undefined {
  return PREFIXES.find(({ prefix }) => containsAddress(prefix, address))?.what;
}

function prefixOf(text: string, length: number): Prefix {
  const network = parseAddress(text);
  invariant(network !== undefined, `${text} is an address`);
  return { network, length };
}
