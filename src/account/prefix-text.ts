// Addresses and prefixes as people write them in a document, with what to write instead where they are none.

import { type Address, addressBits, parseAddress, prefixInterval, printAddress } from '../net/address';
import type { Prefix } from '../net/prefix';

export interface TextFault {
  readonly message: string;
  readonly cure: string;
}

export function isFault(value: object): value is TextFault {
  return 'cure' in value;
}

export function readAddress(text: string): Address | TextFault {
  return (
    parseAddress(text) ?? {
      message: `"${text}" is no IP address`,
      cure: 'write it like 192.0.2.1 or 2001:db8::1',
    }
  );
}

/** `192.0.2.0/24`: no bit is set behind the length. */
export function readPrefix(text: string): Prefix | TextFault {
  const within = readAddressInPrefix(text, 'write it like 192.0.2.0/24 or 2001:db8::/32');
  if (isFault(within)) return within;
  const { address, prefixLength: length } = within;
  const { from } = prefixInterval(address, length);
  if (from === address.value) return { network: address, length };
  const network = printAddress({ family: address.family, value: from });
  return {
    message: `"${text}" has bits set behind its prefix length`,
    cure: `write ${network}/${length} for the network, or ${printAddress(address)} for the one address`,
  };
}

/** `10.255.0.1/31`: an address and the length of the prefix that it lies in. */
export function readAddressInPrefix(
  text: string,
  cure: string,
): { readonly address: Address; readonly prefixLength: number } | TextFault {
  const slash = text.indexOf('/');
  const address = slash === -1 ? undefined : parseAddress(text.slice(0, slash));
  if (address === undefined) return { message: `"${text}" is no address with a prefix length`, cure };
  const bits = addressBits(address.family);
  const lengthText = text.slice(slash + 1);
  const prefixLength = /^(0|[1-9][0-9]{0,2})$/.test(lengthText) ? Number(lengthText) : Number.NaN;
  if (prefixLength <= bits) return { address, prefixLength };
  return {
    message: `"${text}" has no prefix length of 0 to ${bits}`,
    cure: `write ${printAddress(address)}/${bits} for the one address, or a shorter prefix`,
  };
}
