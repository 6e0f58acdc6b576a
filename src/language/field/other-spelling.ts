// What other tools (Wireshark, nft, tcpdump) and habit call the packet scheme's names, and what to write here instead: a
// name, or a whole condition where the other tool has one.

type Spelling = readonly [others: string, here: string];

const SPELLINGS: readonly Spelling[] = [
  ['src saddr source src_ip srcip src_addr ip.saddr ip.source ip.src_addr ip.srcip ip.src_host', 'ip.src'],
  ['ip6.src ipv6.src ip6.saddr ipv6.saddr ipv4.src ip4.src', 'ip.src'],
  ['dst daddr dest destination dst_ip dstip dst_addr ip.daddr ip.dest ip.destination ip.dst_addr ip.dstip', 'ip.dst'],
  ['ip6.dst ipv6.dst ip6.daddr ipv6.daddr ipv4.dst ip4.dst', 'ip.dst'],
  ['host addr ip.addr ip.host ip.address ipv6.addr ip6.addr', 'ip.src'],
  ['host addr ip.addr ip.host ip.address ipv6.addr ip6.addr', 'ip.dst'],
  ['proto protocol ip.protocol ip.p l4proto ip6.nexthdr ipv6.nxt', 'ip.proto'],
  ['ip.proto_num ip.protocol_number', 'ip.proto.num'],
  ['ttl hlim hoplimit hop_limit ip.hlim ip.hoplimit ip6.hlim ipv6.hlim ip6.hoplimit', 'ip.ttl'],
  ['ip.length ip.total_length ip.totlen ip6.length ipv6.plen', 'ip.len'],
  ['ihl ip.ihl ip.hdrlength ip.hlen ip.header_length', 'ip.hdr_len'],
  ['ip.dsfield.dscp dscp ip.ds', 'ip.dscp'],
  ['ip.dsfield.ecn ecn', 'ip.ecn'],
  ['ip.frag_off ip.frag-off ip.fragoffset ip.flags.offset', 'ip.frag_offset'],
  ['df ip.df', 'ip.flags.df'],
  ['mf ip.mf', 'ip.flags.mf'],
  ['port tcp.port ports', 'tcp.srcport'],
  ['port tcp.port ports', 'tcp.dstport'],
  ['sport srcport src_port tcp.sport tcp.src tcp.src_port th.sport', 'tcp.srcport'],
  ['dport dstport dst_port tcp.dport tcp.dst tcp.dst_port th.dport', 'tcp.dstport'],
  ['udp.port', 'udp.srcport'],
  ['udp.port', 'udp.dstport'],
  ['udp.sport udp.src udp.src_port', 'udp.srcport'],
  ['udp.dport udp.dst udp.dst_port', 'udp.dstport'],
  ['tcp.flags.rst tcp.rst rst', 'tcp.flags.reset'],
  ['tcp.flags.psh tcp.psh psh', 'tcp.flags.push'],
  ['tcp.flags.ece tcp.ece ece', 'tcp.flags.ecn'],
  ['tcp.syn syn', 'tcp.flags.syn'],
  ['tcp.ack ack', 'tcp.flags.ack'],
  ['tcp.fin fin', 'tcp.flags.fin'],
  ['tcp.len tcp.data data payload', 'tcp.payload'],
  ['udp.data data payload', 'udp.payload'],
  ['udp.length', 'udp.len'],
  ['tcp.window_size tcp.win', 'tcp.window'],
  ['tcp.options.mss tcp.options.mss_val tcp.option.mss', 'tcp.mss'],
  ['tcp.doff tcp.hlen', 'tcp.hdr_len'],
  ['icmp6.type icmpv6_type', 'icmpv6.type'],
  ['icmp6.code', 'icmpv6.code'],
  ['ipv6.flow ip6.flowlabel ipv6.flow_label', 'ip6.flow_label'],
  ['frame.len meta.length pkt.len packet.length', 'packet.len'],
  ['iif iifname iface interface in_interface', 'in_iface'],
  ['length', 'len'],
  ['startswith begins_with', 'starts_with'],
  ['endswith', 'ends_with'],
  ['slice substr', 'bit_slice'],
  ['any all everything', 'true'],
  ['none never', 'false'],
  ['tcp', 'ip.proto == "tcp"'],
  ['udp', 'ip.proto == "udp"'],
  ['icmp', 'ip.proto == "icmp"'],
  ['icmp6 icmpv6', 'ip.proto == "icmpv6"'],
  ['gre', 'ip.proto == "gre"'],
  ['esp', 'ip.proto == "esp"'],
  ['ip4 ipv4 inet', 'ip.version == 4'],
  ['ip6 ipv6 inet6', 'ip.version == 6'],
];

/** By the other name in small letters. A name that the scheme does not have is not recommended. */
export function otherSpellings(known: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const spellings = new Map<string, string[]>();
  for (const [others, here] of SPELLINGS) {
    if (!known.has(here.split(' ')[0] ?? '')) continue;
    for (const other of others.split(' ')) spellings.set(other, [...(spellings.get(other) ?? []), here]);
  }
  return spellings;
}
