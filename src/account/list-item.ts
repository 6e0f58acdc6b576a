// One entry of an IP list: an address, or a prefix without host bits, as the interval of addresses it stands for.

import { parseAddress, prefixInterval } from '../net/address';
import type { Interval } from '../net/interval-set';
import { isFault, readPrefix, type TextFault } from './prefix-text';

export interface ListItem extends Interval {
  readonly family: 4 | 6;
}

export function parseListItem(text: string): ListItem | TextFault {
  const slash = text.indexOf('/');
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined) {
    return {
      message: `"${text}" is neither an IP address nor a prefix`,
      cure: 'write it like 192.0.2.1, 192.0.2.0/24, 2001:db8::1 or 2001:db8::/32',
    };
  }
  if (slash === -1) return { family: address.family, from: address.value, to: address.value };
  const prefix = readPrefix(text);
  if (isFault(prefix)) return prefix;
  return { family: address.family, ...prefixInterval(prefix.network, prefix.length) };
}
