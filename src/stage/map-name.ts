// The name of a verdict map says what its key is made of, so that a map of another key never has the name of one that the
// kernel holds: `map_saddr_dport`. For people too, who find it in `nft list ruleset`.

import type { Load } from '../ir/formula';
import type { PacketFamily } from '../packet/packet';

export function mapName(key: readonly Load[], family: PacketFamily): string {
  return ['map', ...key.map(load => fieldName(load, family))].join('_');
}

const NAMES: Readonly<Record<PacketFamily, Readonly<Record<string, string>>>> = {
  ip: { 'network 12 4': 'saddr', 'network 16 4': 'daddr', 'network 8 1': 'ttl' },
  ip6: { 'network 8 16': 'saddr', 'network 24 16': 'daddr', 'network 7 1': 'hoplimit' },
};
const PORTS: Readonly<Record<string, string>> = { 'transport 0 2': 'sport', 'transport 2 2': 'dport' };
const HEADERS: Readonly<Record<string, string>> = { network: 'nh', transport: 'th', fragment_header: 'frag' };

/** As nft has it; elsewhere the header, the offset in it and the length in bytes: `th_13_1`. */
export function fieldName(load: Load, family: PacketFamily): string {
  if (load.kind !== 'bytes') return load.kind === 'in_iface' ? 'iifname' : load.kind;
  const place = `${load.segment} ${load.offset} ${load.length}`;
  const header = HEADERS[load.segment] ?? load.segment;
  return NAMES[family][place] ?? PORTS[place] ?? `${header}_${load.offset}_${load.length}`;
}
