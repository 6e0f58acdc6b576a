// Policies in verdict maps, as the tables that the kernel gets, in nft's notation.

import { printTable } from '../../../src/backend/nft/notation';
import { planOf } from '../../packet/rules';
import { rulesOf } from '../../stage/policies';

/** Without the table's own lines and the chain of the version; comments without what is the same in all. */
function mapsAndChains(lines: readonly string[], family: 'ip' | 'ip6'): string[] {
  const table = planOf(rulesOf(lines), { stages: 'verdict_map' }).tables[family];
  const chains = table.chains.filter(({ name }) => name !== 'policy_version');
  return printTable({ ...table, chains })
    .replaceAll(/ comment "rampart rule=(\S+) [^"]*"/g, ' # $1')
    .split('\n')
    .slice(3, -2)
    .map(line => line.slice(2));
}

describe('exact rules become', () => {
  test.each<[string, readonly string[], 'ip' | 'ip6', readonly string[]]>([
    [
      'a look-up under the protocol, which later fragments do not come to',
      ['block ip.src == 192.0.2.1 and tcp.dstport == 80', 'skip ip.src == 192.0.2.2 and tcp.dstport in {22 443}'],
      'ip',
      [
        'map map_saddr_dport {',
        '  type ipv4_addr . inet_service : verdict',
        '  counter',
        '  elements = { 192.0.2.1 . 80 counter # 1 : drop,',
        '               192.0.2.2 . 22 counter # 2 : accept,',
        '               192.0.2.2 . 443 counter # 2 : accept }',
        '}',
        '',
        'chain magic_transit {',
        '  type filter hook prerouting priority -300; policy accept;',
        '  ip frag-off & 0x1fff != 0 goto later_fragments',
        '  meta l4proto tcp ip saddr . th dport vmap @map_saddr_dport',
        '}',
        '',
        'chain later_fragments {',
        '  accept',
        '}',
      ],
    ],
    [
      'one look-up more for later fragments where it asks for addresses alone',
      ['block ip.src == 192.0.2.1', 'block tcp.dstport == 80'],
      'ip',
      [
        'map map_saddr {',
        '  type ipv4_addr : verdict',
        '  counter',
        '  elements = { 192.0.2.1 counter # 1 : drop }',
        '}',
        '',
        'map map_dport {',
        '  type inet_service : verdict',
        '  counter',
        '  elements = { 80 counter # 2 : drop }',
        '}',
        '',
        'chain magic_transit {',
        '  type filter hook prerouting priority -300; policy accept;',
        '  ip frag-off & 0x1fff != 0 goto later_fragments',
        '  ip saddr vmap @map_saddr',
        '  meta l4proto tcp th dport vmap @map_dport',
        '}',
        '',
        'chain later_fragments {',
        '  ip saddr vmap @map_saddr',
        '  accept',
        '}',
      ],
    ],
    [
      'maps between rules, and a rule that no packet comes to behind an earlier one with its values',
      ['log ip.ttl == 1', 'block ip.dst == 192.0.2.1', 'skip ip.dst == 192.0.2.1', 'block ip.ttl > 9'],
      'ip',
      [
        'map map_daddr {',
        '  type ipv4_addr : verdict',
        '  counter',
        '  elements = { 192.0.2.1 counter # 2 : drop }',
        '}',
        '',
        'chain magic_transit {',
        '  type filter hook prerouting priority -300; policy accept;',
        '  ip ttl 1 counter log prefix "rampart 1 " group 5 # 1',
        '  ip daddr vmap @map_daddr',
        '  ip ttl >= 10 counter drop # 4',
        '}',
        '',
        'chain unreached_rules {',
        '  counter # 3',
        '}',
      ],
    ],
    [
      'a key of what has no name, beside an address of IPv6',
      [
        'block ip.src == 2001:db8::1 and bit_slice(udp, 64, 80) == 258',
        'block ip.src == 2001:db8::2 and bit_slice(udp, 64, 80) == 3',
      ],
      'ip6',
      [
        'map map_saddr_th_8_2 {',
        '  typeof ip6 saddr . @th,64,16 : verdict',
        '  counter',
        '  elements = { 2001:db8::1 . 258 counter # 1 : drop,',
        '               2001:db8::2 . 3 counter # 2 : drop }',
        '}',
        '',
        'chain magic_transit {',
        '  type filter hook prerouting priority -300; policy accept;',
        '  exthdr frag exists jump fragments',
        '  meta l4proto udp ip6 saddr . @th,64,16 vmap @map_saddr_th_8_2',
        '}',
        '',
        'chain fragments {',
        '  frag frag-off != 0 goto later_fragments',
        '  @th,0,24 0-16777215 return',
        '  goto later_fragments',
        '}',
        '',
        'chain later_fragments {',
        '  accept',
        '}',
      ],
    ],
    [
      'an interface and a guard that is a range',
      [
        'block in_iface == "eth0" and ip.ttl < 64 and ip.src == 192.0.2.1',
        'block in_iface == "eth1" and ip.ttl < 64 and ip.src == 192.0.2.1',
      ],
      'ip',
      [
        'map map_iifname_saddr {',
        '  type ifname . ipv4_addr : verdict',
        '  counter',
        '  elements = { "eth0" . 192.0.2.1 counter # 1 : drop,',
        '               "eth1" . 192.0.2.1 counter # 2 : drop }',
        '}',
        '',
        'chain magic_transit {',
        '  type filter hook prerouting priority -300; policy accept;',
        '  ip ttl <= 63 meta iifname . ip saddr vmap @map_iifname_saddr',
        '}',
      ],
    ],
  ])('%s', (_, lines, family, expected) => {
    expect(mapsAndChains(lines, family)).toEqual(expected);
  });
});
