// cidr(Ip, literal Int for IPv4, literal Int for IPv6) → Ip: the network address at that prefix length.

import { addressBits, prefixInterval } from '../../net/address';
import { INT, IP } from '../type';
import { type FunctionDefinition, intArgument } from './definition';

export const CIDR: FunctionDefinition = {
  signature: {
    name: 'cidr',
    parameters: [
      { kind: 'Field', type: IP },
      { kind: 'Literal', type: INT },
      { kind: 'Literal', type: INT },
    ],
    returns: IP,
  },
  execute: ([address, length4, length6]) => {
    if (typeof address !== 'object' || !('family' in address)) return undefined;
    const length = intArgument(address.family === 4 ? length4 : length6);
    if (length === undefined || length < 0n || length > BigInt(addressBits(address.family))) return undefined;
    return { family: address.family, value: prefixInterval(address, Number(length)).from };
  },
};
