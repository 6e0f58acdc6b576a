// The expressions that the packet tests run through the evaluator, nftables and eBPF, over every frame of the captured
// packets. `nft` says whether nftables alone can say it; eBPF can say all of them.

export interface Case {
  readonly expression: string;
  readonly nft: boolean;
}

function both(...expressions: readonly string[]): Case[] {
  return expressions.map(expression => ({ expression, nft: true }));
}

function ebpfOnly(...expressions: readonly string[]): Case[] {
  return expressions.map(expression => ({ expression, nft: false }));
}

export const LISTS = {
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fe80::/10'],
  resolvers: ['8.8.8.8', '192.168.1.1', '2001:4860:4860::8888'],
};

export const CASES: readonly Case[] = [
  ...both(
    'true',
    'ip.src == 192.168.1.1',
    'ip.src != 192.168.1.1',
    'ip.dst == 224.0.0.5',
    'ip.dst == ff02::5',
    'not ip.dst == ff02::5',
    'ip.src in {10.0.0.0/8 192.168.0.0/16 fe80::/10}',
    'not ip.src in {10.0.0.0/8 192.168.0.0/16}',
    'ip.src in $private and not ip.dst in $private',
    'ip.dst in $resolvers',
    'ip.src in {10.0.0.1..10.0.0.100 fe80::..fe80::ffff}',
    'ip.src < 128.0.0.0',
    'ip.src >= 8000::',
    'ip.dst > 223.255.255.255 and ip.dst <= 239.255.255.255',
    'ip.src in {}',
    'ip.proto == "tcp"',
    'ip.proto != "tcp"',
    'ip.proto in {"udp" "icmp" "ipv6-icmp"}',
    'not ip.proto in {"esp" "tcp" "udp" "gre" "icmp"}',
    'ip.proto == "ospfigp" or ip.proto == "ah"',
    'starts_with(ip.proto, "ipv6")',
    'ip.proto contains "m"',
    'ip.proto < "icmp"',
    'len(ip.proto) > 4',
    'ip.len > 100',
    'ip.len in {40..60 1500}',
    'ip.len >= 0',
    'ip.len == 70000',
    'ip.ttl == 1',
    'ip.ttl < 64 or ip.ttl > 200',
    'ip.ttl & 1',
    'tcp.dstport == 22',
    'tcp.dstport != 22',
    'not tcp.dstport == 22',
    'tcp.srcport in {22 80 443 8000..9000}',
    'not tcp.srcport in {22 80 443 8000..9000}',
    'tcp.dstport in {-5..100000}',
    'udp.dstport == 53',
    'udp.dstport != 53',
    'udp.srcport in {53 67..69 123 500 520}',
    'udp.dstport >= 1024 and udp.srcport >= 1024',
    'udp.dstport < 1024 xor udp.srcport < 1024',
    'tcp.dstport == 179 or udp.dstport == 179 or tcp.srcport == 179',
    'tcp.flags == 0x18',
    'tcp.flags & 0x12',
    'tcp.flags.syn',
    'not tcp.flags.syn',
    'tcp.flags.syn and not tcp.flags.ack',
    'not (tcp.flags.syn and not tcp.flags.ack)',
    'tcp.flags.fin or tcp.flags.reset or tcp.flags.push or tcp.flags.urg or tcp.flags.ecn or tcp.flags.cwr',
    'tcp.flags.ack xor tcp.flags.push xor tcp.flags.syn',
    'icmp.type == 8',
    'icmp.type in {0 3 11} and icmp.code == 0',
    'icmp.type ne 8',
    'ip.proto eq "tcp" and ip.src in $private and tcp.dstport in {1..1023} and not (tcp.flags.syn and tcp.flags.ack)',
    '(ip.src in $private or tcp.dstport == 22) and (ip.ttl > 60 or udp.dstport == 53) and (ip.len > 60 or icmp.type == 8)',
    'not (tcp.dstport == 22 or udp.dstport == 53 or icmp.type == 8)',
    'bit_slice(udp, 64, 96) > 0x80000000',
    'bit_slice(tcp, 100, 103) == 0',
    'bit_slice(ip, 0, 4) == 6',
    'bit_slice(ip, 4, 8) in {5..15}',
    'bit_slice(ip, 51, 64) != 0',
    'bit_slice(icmp, 3, 11) < 64',
    'bit_slice(ip, 2008, 2040) >= 0',
    'bit_slice(udp.payload, 1, 9) == 0',
    'starts_with(udp.payload, "\\x00\\x01")',
    'starts_with(udp.payload, "")',
    'starts_with(udp, "\\x00")',
  ),
  ...ebpfOnly(
    'ends_with(udp.payload, "\\x00")',
    'not ends_with(udp.payload, "\\x00")',
    'udp.dstport == 53 and not ends_with(udp.payload, "\\x00\\x01")',
    'ends_with(tcp.payload, "\\x0d\\x0a")',
    'starts_with(tcp.payload, "SSH-")',
    'starts_with(tcp.payload, "")',
    'tcp.payload == ""',
    'tcp.payload != ""',
    'tcp.payload >= "\\xff"',
    'udp.payload < "\\x01\\x02"',
    'udp.payload > "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x01"',
    'udp.payload in {"" "\\x00"}',
    'len(udp.payload) > 100',
    'len(udp.payload) & 1',
    'len(tcp.payload) == 0 and tcp.flags.ack',
    'len(ip) != 60',
    'tcp.payload contains "HTTP/1."',
    'udp.payload contains "\\x00\\x01\\x00"',
    'ip contains "\\xc0\\xa8\\x01\\x01"',
    'bit_slice(tcp.payload, 0, 8) == 0x16',
    'ip.len & 0x11',
    'len(udp.payload) > 40 xor ip.ttl < 64 xor tcp.flags.ack',
    'ends_with(udp.payload, "a") or ends_with(tcp.payload, "a") or icmp.type == 8',
  ),
];
