// The 47 expressions that the documentation of Cloudflare's Magic Firewall gives, in its order, and what becomes of each.

export type Fate =
  /** Compiles to a plan. */
  | 'rule'
  /** Compiles, and no packet can match it. */
  | 'never'
  /** Accepted, and refused by a host that has no data for it. */
  | 'data'
  /** Refused: the cure says this. */
  | { readonly cure: string };

const CLOUDFLARE =
  '173.245.48.0/20 103.21.244.0/22 103.22.200.0/22 103.31.4.0/22 141.101.64.0/18 108.162.192.0/18 190.93.240.0/20 ' +
  '188.114.96.0/20 197.234.240.0/22 198.41.128.0/17 162.158.0.0/15 104.16.0.0/13 104.24.0.0/14 172.64.0.0/13 131.0.72.0/22';

/** Nine groups of two ports: 512 products. */
const GROUPS_OF_TWO_PORTS = [1000, 1002, 1004, 1006, 1008, 1010, 1012, 1014, 1016]
  .map(port => `(tcp.dstport == ${port} || tcp.dstport == ${port + 1})`)
  .join(' && ');

export const DOCUMENTED: readonly (readonly [expression: string, fate: Fate])[] = [
  ['ip.src == 192.0.2.0', 'rule'],
  ['ip.src == 192.0.2.1 && (tcp.flags.push || tcp.flags.reset)', 'rule'],
  ['ip.src == 192.0.2.0/24', { cure: 'a network or range stands in a set: `ip.src in {192.0.2.0/24}`' }],
  ['ip.src in { 192.0.2.0/24 }', 'rule'],
  [GROUPS_OF_TWO_PORTS, 'never'],
  ['tcp.dstport in { 8080 } ', 'rule'],
  ['tcp.dstport in { 1..65535 }', 'rule'],
  ['ip.src.country == "BR"', 'data'],
  ['ip.src in $cf.anonymizer', 'data'],
  ['ip.src in $iplist', 'rule'],
  ['(udp.srcport in {1900 11211 389 111 19 1194 3702 10001 20800 161 162 137 27005 520 0})', 'rule'],
  ['(tcp.srcport in {21 0 3306})', 'rule'],
  ['(ip.proto eq "hopopt") or (not ip.proto in {"esp" "tcp" "udp" "gre" "icmp"})', 'rule'],
  [
    'ip.proto eq "tcp" and ip.dst in $endpoints and tcp.dstport in {32768..60999} and not (tcp.flags.syn and not tcp.flags.ack)',
    'rule',
  ],
  ['ip.proto eq "udp" and ip.dst in $endpoints and udp.dstport in {32768..60999}', 'rule'],
  ['ip.proto eq "icmp" and ip.dst in $endpoints and (icmp.type eq 0 or icmp.type eq 3 or icmp.type eq 11)', 'rule'],
  ['ip.dst in $endpoints', 'rule'],
  [
    'ip.proto eq "icmp" and ip.dst in $internal_routers and ( (icmp.type eq 0 or icmp.type eq 3) or (icmp.type eq 11) or (icmp.type eq 8) )',
    'rule',
  ],
  ['ip.dst in $internal_routers', 'rule'],
  [
    'ip.proto eq "tcp" and tcp.srcport in {32768..60999} and ip.dst in $web_servers and tcp.dstport in {80 443} and not (tcp.flags.syn and tcp.flags.ack)',
    'rule',
  ],
  ['ip.dst in $web_servers and ip.proto eq "udp" and udp.srcport in {53 123} and udp.dstport in {1024..65535}', 'rule'],
  ['ip.dst in $web_servers', 'rule'],
  [
    `ip.proto eq "tcp" and ip.dst in $web_servers and tcp.dstport in {80 443} and not (tcp.flags.syn and tcp.flags.ack) and ip.src in {${CLOUDFLARE}}`,
    'rule',
  ],
  ['ip.proto == "udp"', 'rule'],
  ['ip.geoip.country eq "US"', 'data'],
  ['ip.src.country eq "US" or ip.dst.country eq "US"', 'data'],
  ['ip.geoip.country ne "US"', 'data'],
  ['ip.src.country ne "US" and ip.dst.country ne "US"', 'data'],
  ['ip.geoip.country in {"UK" "FR"}', 'data'],
  ['ip.src.country in {"UK" "FR"} or ip.dst.country in {"UK" "FR"}', 'data'],
  ['not ip.geoip.country in {"UK" "FR"}', 'data'],
  ['not ip.src.country in {"UK" "FR"} and not ip.dst.country in {"UK" "FR"}', 'data'],
  ['ip.src ne fe80::/64', { cure: 'a network or range stands in a set: `not ip.src in {fe80::/64}`' }],
  [
    'ip.src in {::/0} and ip.src ne fe80::/64',
    { cure: 'a network or range stands in a set: `not ip.src in {fe80::/64}`' },
  ],
  ['tcp.srcport eq 80', 'rule'],
  ['tcp.srcport ne 80', 'rule'],
  ['ip.proto eq "tcp" and tcp.srcport eq 80', 'rule'],
  ['true', 'rule'],
  ['ip.src in {198.51.100.1 198.51.100.3..198.51.100.7 192.0.2.0/24 2001:0db8::/32}', 'rule'],
  ['tcp.dstport in {8000..8009 8080..8089}', 'rule'],
  ['(ip.src in $office_network)', 'rule'],
  ['ip.src ne 203.0.113.0', 'rule'],
  ['ip.src in { 203.0.113.0 203.0.113.1 }', 'rule'],
  ['ip.src.country eq "GB"', 'data'],
  ['(ip.src.country ne "GB")', 'data'],
  ['udp.dstport in { 32768..65535 }', 'rule'],
  ['ip.len >= 0', 'rule'],
];
