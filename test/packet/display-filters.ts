// The same conditions in our language and as display filters of tshark. Numbers are in the unit of the header, where
// tshark shows some of them multiplied: its ip.hdr_len and tcp.hdr_len are bytes, ours are words of four bytes.
export interface Pair {
  readonly expression: string;
  readonly filter: string;
}

export const PAIRS: readonly Pair[] = [
  // Addresses
  same('ip.src == 192.168.1.1'),
  same('ip.dst == 224.0.0.5'),
  { expression: 'ip.src == fe80::1', filter: 'ipv6.src == fe80::1' },
  { expression: 'ip.dst == ff02::5', filter: 'ipv6.dst == ff02::5' },
  { expression: 'ip.src in {10.0.0.0/8}', filter: 'ip.src == 10.0.0.0/8' },
  { expression: 'ip.dst in {192.168.0.0/16 fe80::/10}', filter: 'ip.dst == 192.168.0.0/16 || ipv6.dst == fe80::/10' },
  { expression: 'ip.src >= 128.0.0.0', filter: 'ip.src >= 128.0.0.0' },
  { expression: 'ip.dst < 100.0.0.0', filter: 'ip.dst < 100.0.0.0' },
  { expression: 'not ip.src in {0.0.0.0/0}', filter: 'ipv6' },
  // The network header
  { expression: 'ip.version == 4', filter: 'ip.version == 4' },
  { expression: 'ip.version == 6', filter: 'ipv6.version == 6' },
  { expression: 'ip.hdr_len == 5', filter: 'ip.hdr_len == 20' },
  { expression: 'ip.hdr_len > 5', filter: 'ip.hdr_len > 20' },
  { expression: 'ip.len == 60', filter: 'ip.len == 60 || ipv6.plen == 20' },
  { expression: 'ip.len > 200', filter: 'ip.len > 200 || ipv6.plen > 160' },
  { expression: 'ip.len < 50', filter: 'ip.len < 50 || ipv6.plen < 10' },
  { expression: 'ip.ttl == 1', filter: 'ip.ttl == 1 || ipv6.hlim == 1' },
  { expression: 'ip.ttl > 200', filter: 'ip.ttl > 200 || ipv6.hlim > 200' },
  { expression: 'ip.id == 0', filter: 'ip.id == 0 || ipv6.fraghdr.ident == 0' },
  { expression: 'ip.id > 60000', filter: 'ip.id > 60000 || ipv6.fraghdr.ident > 60000' },
  { expression: 'ip.dscp == 48', filter: 'ip.dsfield.dscp == 48 || ipv6.tclass.dscp == 48' },
  { expression: 'ip.dscp == 0', filter: 'ip.dsfield.dscp == 0 || ipv6.tclass.dscp == 0' },
  { expression: 'ip.ecn > 0', filter: 'ip.dsfield.ecn > 0 || ipv6.tclass.ecn > 0' },
  { expression: 'ip.flags.df', filter: 'ip.flags.df == 1' },
  { expression: 'ip.flags.mf', filter: 'ip.flags.mf == 1 || ipv6.fraghdr.more == 1' },
  { expression: 'ip.frag_offset > 0', filter: 'ip.frag_offset > 0 || ipv6.fraghdr.offset > 0' },
  {
    expression: 'ip.frag',
    filter: 'ip.flags.mf == 1 || ip.frag_offset > 0 || ipv6.fraghdr.more == 1 || ipv6.fraghdr.offset > 0',
  },
  { expression: 'ip6.flow_label > 0', filter: 'ipv6.flow > 0' },
  // The protocol
  { expression: 'ip.proto == "tcp"', filter: 'tcp' },
  { expression: 'ip.proto == "udp"', filter: 'udp' },
  { expression: 'ip.proto == "icmp"', filter: 'icmp' },
  { expression: 'ip.proto == "ipv6-icmp"', filter: 'icmpv6' },
  { expression: 'ip.proto.num == 89', filter: 'ip.proto == 89 || ipv6.nxt == 89' },
  { expression: 'ip.proto.num == 47', filter: 'gre' },
  {
    expression: 'ip.proto.num in {2 103 112}',
    filter: 'ip.proto == 2 || ip.proto == 103 || ip.proto == 112 || ipv6.nxt == 103 || ipv6.nxt == 112',
  },
  { expression: 'ip.proto.num == 51', filter: 'ah' },
  // TCP
  same('tcp.srcport == 22'),
  same('tcp.dstport == 179'),
  same('tcp.dstport < 1024'),
  { expression: 'tcp.srcport in {1024..65535}', filter: 'tcp.srcport >= 1024' },
  same('tcp.flags & 0x12'),
  same('tcp.flags == 0x18'),
  flag('fin'),
  flag('syn'),
  flag('reset'),
  flag('push'),
  flag('ack'),
  flag('urg'),
  { expression: 'tcp.flags.ecn', filter: 'tcp.flags.ece == 1' },
  flag('cwr'),
  { expression: 'tcp.seq > 0x80000000', filter: 'tcp.seq_raw > 0x80000000' },
  { expression: 'tcp.seq & 1', filter: 'tcp.seq_raw & 1' },
  { expression: 'tcp.window == 65535', filter: 'tcp.window_size_value == 65535' },
  { expression: 'tcp.window < 1000', filter: 'tcp.window_size_value < 1000' },
  { expression: 'tcp.hdr_len == 5', filter: 'tcp.hdr_len == 20' },
  { expression: 'tcp.hdr_len > 5', filter: 'tcp.hdr_len > 20' },
  { expression: 'tcp.mss == 1460', filter: 'tcp.options.mss_val == 1460' },
  { expression: 'tcp.mss >= 0', filter: 'tcp.options.mss_val >= 0' },
  { expression: 'len(tcp.payload) > 0', filter: 'tcp.len > 0' },
  { expression: 'len(tcp.payload) == 0', filter: 'tcp.len == 0' },
  same('tcp.payload contains "SSH-"'),
  same('tcp.payload contains "HTTP/1."'),
  { expression: 'tcp.payload contains "\\xff\\xff\\xff\\xff"', filter: 'tcp.payload contains ff:ff:ff:ff' },
  { expression: 'tcp.payload matches "[0-9]{3} [A-Z]"', filter: 'tcp.payload matches "(?-i)[0-9]{3} [A-Z]"' },
  { expression: 'tcp.payload matches r"(?i)openssh"', filter: 'tcp.payload matches "openssh"' },
  // UDP
  same('udp.srcport == 53'),
  same('udp.dstport == 123'),
  same('udp.dstport > 49151'),
  { expression: 'udp.len == 8', filter: 'udp.length == 8' },
  { expression: 'udp.len > 100', filter: 'udp.length > 100' },
  { expression: 'udp.payload contains "\\x00\\x01\\x00"', filter: 'udp.payload contains 00:01:00' },
  same('udp.payload contains "cisco"'),
  { expression: 'udp.payload matches r"(?i)[a-z]{12}"', filter: 'udp.payload matches "[a-z]{12}"' },
  { expression: 'len(udp.payload) > 0', filter: 'udp.payload' },
  // ICMP, GRE, ESP
  same('icmp.type == 8'),
  same('icmp.type == 3'),
  same('icmp.code > 0'),
  same('icmpv6.type == 128'),
  same('icmpv6.type >= 130'),
  same('icmpv6.code == 0'),
  same('gre.proto == 0x88be'),
  same('gre.proto == 0x0800'),
  same('esp.spi == 0xd1234567'),
  same('esp.spi > 0'),
  // The packet
  { expression: 'packet.len < 60', filter: 'frame.cap_len < 60' },
];

function same(text: string): Pair {
  return { expression: text, filter: text };
}

function flag(name: string): Pair {
  return { expression: `tcp.flags.${name}`, filter: `tcp.flags.${name} == 1` };
}
