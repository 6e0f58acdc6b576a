// One entry of an IP list: an address, or a prefix without host bits, as the interval of addresses it stands for.

import { type Address, addressBits, parseAddress, prefixInterval, printAddress } from '../net/address';
import type { Interval } from '../net/interval-set';

export interface ListItem extends Interval {
  readonly family: 4 | 6;
}

export interface ListItemFault {
  readonly message: string;
  readonly cure: string;
}

export function parseListItem(text: string): ListItem | ListItemFault {
  const slash = text.indexOf('/');
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined) {
    return {
      message: `"${text}" is neither an IP address nor a prefix`,
      cure: 'write it like 192.0.2.1, 192.0.2.0/24, 2001:db8::1 or 2001:db8::/32',
    };
  }
  if (slash === -1) return { family: address.family, from: address.value, to: address.value };
  return parsePrefix(text, address, text.slice(slash + 1));
}

function parsePrefix(text: string, address: Address, lengthText: string): ListItem | ListItemFault {
  const bits = addressBits(address.family);
  const length = /^(0|[1-9][0-9]{0,2})$/.test(lengthText) ? Number(lengthText) : Number.NaN;
  if (!(length <= bits)) {
    return {
      message: `"${text}" has no prefix length of 0 to ${bits}`,
      cure: `write ${printAddress(address)}/${bits} for the one address, or a shorter prefix`,
    };
  }
  const { from, to } = prefixInterval(address, length);
  if (from !== address.value) {
    const network = printAddress({ family: address.family, value: from });
    return {
      message: `"${text}" has bits set behind its prefix length`,
      cure: `write ${network}/${length} for the network, or ${printAddress(address)} for the one address`,
    };
  }
  return { family: address.family, from, to };
}
