// Both families of packets, for what is done for each of them.

import type { PacketFamily } from './packet';

export const FAMILIES: readonly PacketFamily[] = ['ip', 'ip6'];

export function bothFamilies<T>(make: (family: PacketFamily) => T): Readonly<Record<PacketFamily, T>> {
  return { ip: make('ip'), ip6: make('ip6') };
}
