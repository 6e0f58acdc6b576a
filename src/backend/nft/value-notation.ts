// Values as nft writes them.

import { printAddress } from '../../net/address';
import { bigEndianBytes } from '../../net/big-endian';
import { IFNAMSIZ } from '../../net/interface-name';
import { protocolNames } from '../../net/protocol-number';
import type { SetKey } from './table';

/** Those that every /etc/protocols has, from where nft takes them. */
const NAMED_PROTOCOLS: ReadonlySet<bigint> = new Set([1n, 6n, 17n, 47n, 50n, 51n, 58n]);

/** A range takes no names: `icmp-2` would be one name. */
export function printRange(from: bigint, to: bigint, key: SetKey['datatype']): string {
  if (from === to) return printValue(from, key);
  const plain = key === 'inet_proto' ? 'integer' : key;
  return `${printValue(from, plain)}-${printValue(to, plain)}`;
}

export function printValue(value: bigint, key: SetKey['datatype']): string {
  switch (key) {
    case 'ipv4_addr':
      return printAddress({ family: 4, value });
    case 'ipv6_addr':
      return printAddress({ family: 6, value });
    case 'inet_proto':
      return NAMED_PROTOCOLS.has(value) ? protocolNames(Number(value))[0] : String(value);
    case 'ifname':
      return `"${interfaceName(value)}"`;
    default:
      return value > 0xffffn ? `0x${value.toString(16)}` : String(value);
  }
}

/** undefined for what nft could not read back: its quoted strings have no escapes, and a star at the end is a wildcard. */
export function interfaceName(padded: bigint): string | undefined {
  const name = Buffer.from(bigEndianBytes(padded, IFNAMSIZ)).toString('latin1').replace(/\0+$/, '');
  return /^[\w.@-]{1,15}$/.test(name) ? name : undefined;
}
