// Named sets. A set's name carries the hash of its elements: rules that ask the same share it, and a policy change never
// alters a set that packets of the old generation are still looking into.

import { createHash } from 'node:crypto';
import type { Load, Test } from '../../ir/formula';
import type { IntervalSet } from '../../net/interval-set';
import type { PacketFamily } from '../../packet/packet';
import { isSayable } from './place-notation';
import type { NftSet, SetKey } from './table';

export function setFor(test: Test, family: PacketFamily): NftSet {
  // All tests of a list have its values in common.
  const known = test.list === undefined ? undefined : LISTS.get(test.values)?.find(set => isSetOf(set, test, family));
  if (known !== undefined) return known;
  const made = makeSet(test, family);
  if (test.list !== undefined) LISTS.set(test.values, [...(LISTS.get(test.values) ?? []), made]);
  return made;
}

/** By values: of one list, for each field that is looked up in it. */
const LISTS = new WeakMap<IntervalSet, readonly NftSet[]>();

function isSetOf({ name, key }: NftSet, test: Test, family: PacketFamily): boolean {
  return (
    key.load === test.load && key.datatype === setKey(test, family).datatype && name.startsWith(`list_${test.list}_`)
  );
}

function makeSet(test: Test, family: PacketFamily): NftSet {
  const key = setKey(test, family);
  const interval = test.values.some(({ from, to }) => from !== to);
  const kind = key.datatype === 'integer' ? Object.values(key.load).join('-') : key.datatype;
  const content = [kind, key.length, interval, ...test.values.map(({ from, to }) => `${from}-${to}`)].join(' ');
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return {
    name: `${test.list === undefined ? 'set' : `list_${test.list}`}_${hash}`,
    key,
    values: test.values,
    interval,
  };
}

function setKey(test: Test, family: PacketFamily): SetKey {
  const key = keyFor(test.load, family);
  return key.datatype === 'ifname' && !isSayable(test) ? { ...key, datatype: 'integer' } : key;
}

/** The datatype only decides how `nft list` prints the elements. */
export function keyFor(load: Load, family: PacketFamily): SetKey {
  if (load.kind === 'l4proto') return { datatype: 'inet_proto', length: 1, load };
  if (load.kind === 'in_iface') return { datatype: 'ifname', length: 16, load };
  if (load.kind === 'length') return { datatype: 'integer', length: 4, load };
  const { segment, offset, length } = load;
  const key = { length, load };
  if (segment === 'network' && family === 'ip' && length === 4 && offset >= 12)
    return { datatype: 'ipv4_addr', ...key };
  if (segment === 'network' && family === 'ip6' && length === 16) return { datatype: 'ipv6_addr', ...key };
  if (segment === 'transport' && length === 2 && offset <= 2) return { datatype: 'inet_service', ...key };
  return { datatype: 'integer', ...key };
}
