// What nft calls the places that a rule loads from, and what it has no words for.

import { type Load, loadBits, type Test } from '../../ir/formula';
import type { Interval } from '../../net/interval-set';
import { comparison } from './comparison';
import type { NftTable, SetKey } from './table';
import { interfaceName } from './value-notation';

/** Not a piece of a Fragment header but for its identification, nor more of an interface's name than a whole one. */
export function isSayable(test: Test): boolean {
  const { load, mask, values } = test;
  if (load.kind === 'in_iface') {
    const single = comparison(test).kind === 'cmp' && mask === undefined;
    return (single || comparison(test).kind === 'lookup') && values.every(isName);
  }
  if (load.kind !== 'bytes' || load.segment !== 'fragment_header') return true;
  return mask === undefined && placeKey(load) in NAMES.ip6;
}

function isName({ from, to }: Interval): boolean {
  return from === to && interfaceName(from) !== undefined;
}

export function printLoad({ load, mask }: Test, family: NftTable['family']): string {
  const name = printPlace(load, family);
  return mask === undefined ? name : `${name} & 0x${mask.toString(16)}`;
}

/** nft's name where it has one, a raw payload expression (offset and length in bits) elsewhere. */
export function printPlace(load: Load, family: NftTable['family']): string {
  return NAMES[family][placeKey(load)] ?? rawPayload(load);
}

function rawPayload(load: Load): string {
  // Where nft has no words a set's key still has a length.
  if (load.kind !== 'bytes') return `@nh,0,${loadBits(load)}`;
  return `@${load.segment === 'network' ? 'nh' : 'th'},${load.offset * 8},${load.length * 8}`;
}

const BOTH = {
  l4proto: 'meta l4proto',
  length: 'meta length',
  in_iface: 'meta iifname',
  'transport 0 2': 'th sport',
  'transport 2 2': 'th dport',
};
const NAMES: Readonly<Record<NftTable['family'], Readonly<Record<string, string>>>> = {
  ip: {
    ...BOTH,
    'network 12 4': 'ip saddr',
    'network 16 4': 'ip daddr',
    'network 2 2': 'ip length',
    'network 8 1': 'ip ttl',
  },
  ip6: {
    ...BOTH,
    'network 8 16': 'ip6 saddr',
    'network 24 16': 'ip6 daddr',
    'network 4 2': 'ip6 length',
    'network 7 1': 'ip6 hoplimit',
    'fragment_header 4 4': 'frag id',
  },
};

function placeKey(load: Load): string {
  return load.kind === 'bytes' ? `${load.segment} ${load.offset} ${load.length}` : load.kind;
}

export function keyOf(load: Load, family: NftTable['family']): SetKey['datatype'] {
  const name = NAMES[family][placeKey(load)] ?? '';
  if (/addr$/.test(name)) return family === 'ip' ? 'ipv4_addr' : 'ipv6_addr';
  if (load.kind === 'in_iface') return 'ifname';
  return load.kind === 'l4proto' ? 'inet_proto' : 'integer';
}
