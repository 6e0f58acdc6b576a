// Prefixes, IPv4 and IPv6, as plain values: a network's address, in which no bit is set behind the length.

import { type Address, addressBits, prefixInterval, printAddress } from './address';

export interface Prefix {
  readonly network: Address;
  readonly length: number;
}

/** The prefix that an address lies in. */
export function prefixAround({ family, value }: Address, length: number): Prefix {
  return { network: { family, value: prefixInterval({ family, value }, length).from }, length };
}

/** The prefix of one address alone. */
export function hostPrefix(address: Address): Prefix {
  return { network: address, length: addressBits(address.family) };
}

export function printPrefix({ network, length }: Prefix): string {
  return `${printAddress(network)}/${length}`;
}

/** Whether all of `inner` lies in `outer`; a prefix contains itself. */
export function containsPrefix(outer: Prefix, inner: Prefix): boolean {
  return outer.length <= inner.length && containsAddress(outer, inner.network);
}

export function containsAddress({ network, length }: Prefix, { family, value }: Address): boolean {
  if (network.family !== family) return false;
  const { from, to } = prefixInterval(network, length);
  return from <= value && value <= to;
}

export function samePrefix(a: Prefix, b: Prefix): boolean {
  return a.length === b.length && a.network.family === b.network.family && a.network.value === b.network.value;
}
