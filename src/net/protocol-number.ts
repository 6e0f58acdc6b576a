// IANA's "Assigned Internet Protocol Numbers" as `ip.proto` spells them: the registry's keyword in lower case, first;
// other names in use for the same number after it. Numbers without a keyword go by their decimal digits.

const KEYWORDS: ReadonlyMap<number, readonly string[]> = new Map([
  [0, ['hopopt']],
  [1, ['icmp']],
  [2, ['igmp']],
  [3, ['ggp']],
  [4, ['ipv4', 'ipencap']],
  [5, ['st']],
  [6, ['tcp']],
  [7, ['cbt']],
  [8, ['egp']],
  [9, ['igp']],
  [12, ['pup']],
  [17, ['udp']],
  [20, ['hmp']],
  [22, ['xns-idp']],
  [27, ['rdp']],
  [29, ['iso-tp4']],
  [33, ['dccp']],
  [36, ['xtp']],
  [37, ['ddp']],
  [38, ['idpr-cmtp']],
  [41, ['ipv6']],
  [43, ['ipv6-route']],
  [44, ['ipv6-frag']],
  [45, ['idrp']],
  [46, ['rsvp']],
  [47, ['gre']],
  [50, ['esp']],
  [51, ['ah']],
  [57, ['skip']],
  [58, ['ipv6-icmp', 'icmpv6', 'icmp6']],
  [59, ['ipv6-nonxt']],
  [60, ['ipv6-opts']],
  [73, ['rspf']],
  [81, ['vmtp']],
  [88, ['eigrp']],
  [89, ['ospfigp', 'ospf']],
  [93, ['ax.25']],
  [94, ['ipip']],
  [97, ['etherip']],
  [98, ['encap']],
  [103, ['pim']],
  [108, ['ipcomp']],
  [112, ['vrrp', 'carp']],
  [115, ['l2tp']],
  [124, ['isis']],
  [132, ['sctp']],
  [133, ['fc']],
  [135, ['mobility-header']],
  [136, ['udplite']],
  [137, ['mpls-in-ip']],
  [138, ['manet']],
  [139, ['hip']],
  [140, ['shim6']],
  [141, ['wesp']],
  [142, ['rohc']],
  [143, ['ethernet']],
]);

const BY_NAME: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 256 }, (_, number) => protocolNames(number).map(name => [name, number] as const)).flat(),
);

/** All names of a protocol number, the one that `ip.proto` has first. */
export function protocolNames(number: number): readonly [string, ...string[]] {
  const [first, ...others] = KEYWORDS.get(number) ?? [];
  return first === undefined ? [String(number)] : [first, ...others];
}

/** undefined for a name that no protocol number has. */
export function protocolNumber(name: string): number | undefined {
  return BY_NAME.get(name);
}
