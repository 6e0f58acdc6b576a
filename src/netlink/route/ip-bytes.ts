// IP addresses in rtnetlink attributes: 4 or 16 bytes in network order, with the address family beside them.

import { type Address, addressBits } from '../../net/address';
import { bigEndian, bigEndianBytes } from '../../net/big-endian';
import type { Attributes } from '../attribute';
import { malformed } from '../netlink-error';

export const AF_INET = 2;
export const AF_INET6 = 10;

export function addressFamily({ family }: Pick<Address, 'family'>): number {
  return family === 4 ? AF_INET : AF_INET6;
}

export function ipBytes({ family, value }: Address): Uint8Array {
  return bigEndianBytes(value, addressBits(family) / 8);
}

/** undefined for the families of other kinds of addresses. */
export function ipVersion(addressFamily: number): 4 | 6 | undefined {
  if (addressFamily === AF_INET) return 4;
  return addressFamily === AF_INET6 ? 6 : undefined;
}

/** undefined when the attribute is absent. */
export function decodeAddress(attributes: Attributes, type: number): Address | undefined {
  const bytes = attributes.bytes(type);
  if (bytes === undefined) return undefined;
  if (bytes.length !== 4 && bytes.length !== 16)
    throw malformed(attributes.place, `an address of ${bytes.length} bytes`);
  return { family: bytes.length === 4 ? 4 : 6, value: bigEndian(bytes) };
}
