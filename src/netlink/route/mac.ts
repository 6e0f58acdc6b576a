// Link-layer addresses of Ethernet as text: six octets in hexadecimal, lower case, between colons.

import { NetlinkError } from '../netlink-error';

export function macBytes(text: string): Uint8Array {
  if (!/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/.test(text)) {
    throw new NetlinkError({
      code: 'EINVAL',
      operation: 'encode a MAC address',
      subject: text,
      cure: 'write it as 02:00:00:00:00:01',
    });
  }
  return Uint8Array.from(text.split(':'), octet => Number.parseInt(octet, 16));
}

/** Also of tunnels, whose link-layer address is an IP address: any number of octets. */
export function macText(bytes: Uint8Array): string {
  return Array.from(bytes, octet => octet.toString(16).padStart(2, '0')).join(':');
}
