// What expressions mean, written out: each row says of one packet whether an expression holds, as the design decides it
// for absent fields, families, signs, borders and literals. The evaluator, nftables, the program at the hook (xt_bpf) and in
// BPF_PROG_TEST_RUN must all say so, of the formula as lowered and as optimised.

import { programFor } from '../../src/backend/ebpf/program';
import type { Choice } from '../../src/backend/nft/rule';
import { testRunOnPacket } from '../../src/ebpf/program';
import { holds } from '../../src/ir/evaluate';
import { dissect, type Packet } from '../../src/packet/packet';
import type { Frame } from '../../src/pcap/frame';
import { replay } from '../../src/replay/replay';
import { TEST_CACHE } from '../kernel/object-cache';
import { TIME_FACTOR } from '../time-factor';
import { rawFrame } from './frames';
import { PACKETS, type PacketName } from './packets';
import { closeAll, loadTogether } from './program-batch';
import { compiledExpression, planOf } from './rules';

/** The packet is one of PACKETS, or its bytes in hex from the network header on. */
type Row = readonly [expression: string, packet: PacketName | Hex, holds: boolean];
type Hex = `4${string}` | `6${string}`;

const TABLES: Readonly<Record<string, readonly Row[]>> = {
  'an absent field compares false, except that it is unequal to everything': [
    ['tcp.dstport == 53', 'udpEmpty', false],
    ['tcp.dstport != 53', 'udpEmpty', true],
    ['tcp.dstport ne 22', 'tcpSyn', false],
    ['not tcp.dstport == 53', 'udpEmpty', true],
    ['not tcp.dstport != 53', 'udpEmpty', false],
    ['tcp.dstport < 65536', 'udpEmpty', false],
    ['tcp.dstport >= 0', 'udpEmpty', false],
    ['tcp.dstport >= 0', 'tcpSyn', true],
    ['tcp.dstport in {0..65535}', 'udpEmpty', false],
    ['not tcp.dstport in {0..65535}', 'udpEmpty', true],
    ['tcp.flags.syn', 'udpEmpty', false],
    ['not tcp.flags.syn', 'udpEmpty', true],
    ['tcp.flags & 0xff', 'udpEmpty', false],
    ['icmp.type != 8', 'tcpSyn', true],
    ['udp.payload == ""', 'tcpSyn', false],
    ['udp.payload != ""', 'tcpSyn', true],
    ['len(udp.payload) >= 0', 'tcpSyn', false],
    ['not len(udp.payload) >= 0', 'tcpSyn', true],
    ['starts_with(udp.payload, "")', 'tcpSyn', false],
    ['ends_with(tcp.payload, "")', 'udpEmpty', false],
    ['udp.payload contains ""', 'udpEmpty', true],
    ['udp.payload contains ""', 'tcpSyn', false],
    ['tcp.dstport == 22 xor udp.dstport == 53', 'udpEmpty', true],
    ['tcp.dstport != 22 xor udp.dstport != 53', 'icmpEcho', false],
  ],
  'a later fragment has a protocol and no ports': [
    ['udp.dstport == 53', 'laterFragment', false],
    ['udp.dstport >= 0', 'laterFragment', false],
    ['udp.dstport != 53', 'laterFragment', true],
    ['ip.proto == "udp"', 'laterFragment', true],
    ['udp.dstport == 53', 'firstFragment', true],
    ['udp.payload == "first"', 'firstFragment', true],
    ['udp.payload contains "later"', 'laterFragment', false],
    ['ip contains "later"', 'laterFragment', true],
    ['tcp.dstport == 22', 'laterFragmentTcp', false],
    ['not tcp.dstport == 22', 'laterFragmentTcp', true],
    ['tcp.flags.syn', 'laterFragmentTcp', false],
    ['ip.proto == "tcp" and not tcp.flags.ack', 'laterFragmentTcp', true],
    ['udp.dstport == 53', 'firstFragmentV6', true],
    ['udp.dstport >= 0', 'laterFragmentV6', false],
    ['udp.srcport >= 0', 'laterFragmentV6', false],
    ['ip.proto == "udp"', 'laterFragmentV6', true],
    ['bit_slice(udp, 0, 8) >= 0', 'laterFragmentV6', false],
    ['bit_slice(ip, 50, 51) == 1', 'firstFragment', true],
    ['bit_slice(ip, 51, 64) == 185', 'laterFragment', true],
  ],
  'a header that is cut off lacks what is behind the cut': [
    ['udp.dstport == 53', 'udpCutAt7', true],
    ['udp.payload != ""', 'udpCutAt7', true],
    ['len(udp.payload) >= 0', 'udpCutAt7', false],
    ['udp.srcport == 40000', 'udpCutAt2', true],
    ['udp.dstport >= 0', 'udpCutAt2', false],
    ['udp.srcport >= 0', 'udpNothing', false],
    ['ip.proto == "udp"', 'udpNothing', true],
    ['len(udp) == 0', 'udpNothing', true],
    ['starts_with(udp, "")', 'udpNothing', true],
    ['tcp.flags.ack', 'tcpCutAt14', true],
    ['tcp.flags.ack', 'tcpCutAt13', false],
    ['tcp.flags != 0', 'tcpCutAt13', true],
    ['tcp.dstport == 80', 'tcpCutAt12', true],
    ['tcp.dstport == 80', 'tcpCutAt3', false],
    ['tcp.srcport == 40000', 'tcpCutAt3', true],
    ['icmp.type == 8', 'icmpOneByte', true],
    ['icmp.code >= 0', 'icmpOneByte', false],
    ['tcp.payload != "x"', 'tcpOffset4', true],
    ['tcp.payload contains "GET"', 'tcpOffset4', false],
    ['tcp contains "GET"', 'tcpOffset4', true],
    ['starts_with(tcp.payload, "")', 'tcpOffsetBeyond', false],
    ['tcp.dstport == 80', 'tcpOffsetBeyond', true],
  ],
  'families do not meet': [
    ['ip.src == 10.0.0.1', 'tcpSyn', true],
    ['ip.src == 10.0.0.1', 'mapped', false],
    ['ip.src == ::ffff:10.0.0.1', 'mapped', true],
    ['ip.src == ::ffff:10.0.0.1', 'tcpSyn', false],
    ['ip.src != 10.0.0.1', 'tcpV6', true],
    ['ip.src != 2001:db8::1', 'tcpSyn', true],
    ['ip.src != 2001:db8::1', 'tcpV6', false],
    ['ip.src < 255.255.255.255', 'tcpV6', false],
    ['ip.src > 0.0.0.0', 'tcpV6', false],
    ['ip.src >= ::', 'tcpSyn', false],
    ['ip.src >= ::', 'tcpV6', true],
    ['not ip.src >= ::', 'tcpSyn', true],
    ['ip.src in {0.0.0.0/0}', 'tcpV6', false],
    ['ip.src in {0.0.0.0/0}', 'tcpSyn', true],
    ['not ip.src in {0.0.0.0/0}', 'tcpV6', true],
    ['ip.src in {::/0}', 'tcpSyn', false],
    ['ip.src in {::/0 0.0.0.0/0}', 'mapped', true],
    ['tcp.dstport == 22', 'tcpV6', true],
    ['ip.src in $private', 'tcpSyn', true],
    ['ip.src in $private', 'tcpV6', false],
    ['ip.src in {}', 'tcpSyn', false],
    ['not ip.src in {}', 'tcpSyn', true],
    ['tcp.dstport in {}', 'tcpSyn', false],
  ],
  'prefixes and ranges end where they say': [
    ['ip.src in {10.0.0.0/8}', 'lowestOf10', true],
    ['ip.src in {10.0.0.0/8}', 'highestOf10', true],
    ['ip.src in {10.0.0.0/8}', 'below10', false],
    ['ip.src in {10.0.0.0/8}', 'above10', false],
    ['ip.src in {10.0.0.1..10.255.255.254}', 'lowestOf10', false],
    ['ip.src in {10.0.0.1..10.255.255.254}', 'highestOf10', false],
    ['ip.src < 10.0.0.0', 'lowestOf10', false],
    ['ip.src < 10.0.0.0', 'below10', true],
    ['ip.src <= 10.0.0.0', 'lowestOf10', true],
    ['ip.src > 10.255.255.255', 'highestOf10', false],
    ['ip.src > 10.255.255.255', 'above10', true],
    ['ip.dst == 255.255.255.255', 'highestV4', true],
    ['ip.dst > 255.255.255.255', 'highestV4', false],
    ['ip.dst >= 255.255.255.255', 'highestV4', true],
    ['ip.src in {2001:db8::/32}', 'lowestOfDb8', true],
    ['ip.src in {2001:db8::/32}', 'highestOfDb8', true],
    ['ip.src in {2001:db8::/32}', 'aboveDb8', false],
    ['ip.src in {10.0.0.0/9 10.128.0.0/9}', 'highestOf10', true],
    ['not ip.src in {10.0.0.0/8 9.0.0.0/8}', 'below10', false],
    ['tcp.dstport in {21..23}', 'tcpSyn', true],
    ['tcp.dstport in {23..100}', 'tcpSyn', false],
    ['tcp.dstport > 22', 'tcpSyn', false],
    ['tcp.dstport >= 22', 'tcpSyn', true],
    ['tcp.dstport == 65535', 'tcpNoFlag', true],
    ['tcp.srcport == 0', 'tcpNoFlag', true],
  ],
  'integers are signed, and written in three ways': [
    ['tcp.dstport >= -1', 'tcpSyn', true],
    ['tcp.dstport >= -1', 'udpEmpty', false],
    ['tcp.dstport > -9223372036854775808', 'tcpSyn', true],
    ['tcp.dstport < -1', 'tcpSyn', false],
    ['tcp.dstport == -22', 'tcpSyn', false],
    ['tcp.dstport != -22', 'tcpSyn', true],
    ['tcp.dstport == 65558', 'tcpSyn', false],
    ['tcp.dstport in {-5..21 23..100000}', 'tcpSyn', false],
    ['tcp.dstport in {-5..100000}', 'tcpSyn', true],
    ['tcp.dstport == 0x16', 'tcpSyn', true],
    ['tcp.dstport == 026', 'tcpSyn', true],
    ['tcp.dstport == 22', 'tcpSyn', true],
    ['ip.ttl == 0100', 'tcpSyn', true],
    ['ip.ttl == 100', 'tcpSyn', false],
    ['tcp.dstport & -1', 'tcpSyn', true],
    ['tcp.srcport & -1', 'tcpNoFlag', false],
    ['tcp.dstport & 0', 'tcpSyn', false],
    ['tcp.dstport & 0x10000', 'tcpSyn', false],
    ['tcp.dstport & 0x10', 'tcpSyn', true],
    ['tcp.dstport & 0x09', 'tcpSyn', false],
  ],
  'the network header': [
    ['ip.len == 40', 'tcpSyn', true],
    ['ip.len == 60', 'tcpV6', true],
    ['ip.len > 65535', 'tcpSyn', false],
    ['ip.len < 41', 'tcpSyn', true],
    ['ip.len & 64', 'udpZeros', true],
    ['ip.len == 65', 'udpZeros', true],
    ['ip.len == 30', 'padded', true],
    ['len(ip) == 30', 'padded', true],
    ['ip.ttl == 0', 'ttl0', true],
    ['ip.ttl < 1', 'ttl0', true],
    ['ip.ttl == 255', 'ttl255', true],
    ['ip.ttl > 255', 'ttl255', false],
    ['ip.proto == "gre"', 'gre', true],
    ['ip.proto == "47"', 'gre', false],
    ['ip.proto == "255"', 'protocol255', true],
    ['ip.proto == "hopopt"', 'protocol0', true],
    ['ip.proto == "TCP"', 'tcpSyn', false],
    ['ip.proto > "tcp"', 'udpEmpty', true],
    ['ip.proto == "icmp6"', 'icmpv6Echo', true],
    ['ip.proto != "icmpv6"', 'icmpv6Echo', false],
    ['ip.proto in {"icmpv6"}', 'icmpv6Echo', true],
    ['starts_with(ip.proto, "icmp")', 'icmpv6Echo', false],
    ['ip.proto < "icmp7"', 'icmpv6Echo', false],
    ['len(ip.proto) == 9', 'icmpv6Echo', true],
    ['bit_slice(ip, 4, 8) == 6', 'ipOptions', true],
    ['bit_slice(ip, 0, 4) == 6', 'tcpV6', true],
  ],
  'behind options and extension headers': [
    ['udp.dstport == 53', 'ipOptions', true],
    ['udp.payload == "abc"', 'ipOptions', true],
    ['udp.payload == "abc"', 'hopByHop', true],
    ['ip.proto == "udp"', 'hopByHop', true],
    ['tcp.dstport == 22 and tcp.flags.syn', 'destinationAndRouting', true],
    ['ip.proto == "ah"', 'authenticated', true],
    ['ip.proto == "tcp"', 'authenticated', false],
    ['ip.proto == "ipv6-nonxt"', 'noNextHeader', true],
    ['ip.proto != "udp"', 'cutExtension', true],
    ['ip.proto == "udp" or ip.proto == "ipv6-opts"', 'cutExtension', false],
    ['ip.proto == "udp"', 'extensionBeyond', true],
    ['udp.srcport >= 0', 'extensionBeyond', false],
    ['len(udp) >= 0', 'extensionBeyond', false],
    ['tcp.payload == "GET"', 'tcpOptions', true],
    ['len(tcp.payload) == 3', 'tcpOptions', true],
    ['starts_with(tcp.payload, "\\x01")', 'tcpOptions', false],
  ],
  'the version is the family’s': [
    ['ip.version == 4', 'tcpSyn', true],
    ['ip.version == 6', 'tcpSyn', false],
    ['ip.version == 6', 'tcpV6', true],
    ['ip.version != 4', 'tcpV6', true],
    ['ip.version in {1..5 7}', 'tcpV6', false],
    ['ip.version & 2', 'tcpV6', true],
    ['ip.version & 2', 'tcpSyn', false],
  ],
  'the IPv4 header’s length is in words of four bytes; IPv6 has none': [
    ['ip.hdr_len == 5', 'tcpSyn', true],
    ['ip.hdr_len == 6', 'ipOptions', true],
    ['ip.hdr_len == 15', 'mostIpOptions', true],
    ['ip.hdr_len >= 0', 'tcpV6', false],
    ['ip.hdr_len != 5', 'tcpV6', true],
  ],
  'the first option of IPv4 is there where the header says that there are any': [
    ['ip.opt.type == 1', 'ipOptions', true],
    ['ip.opt.type == 0x94', 'mostIpOptions', true],
    ['ip.opt.type == 0x94', 'noIpOptions', false],
    ['ip.opt.type >= 0', 'noIpOptions', false],
    ['ip.opt.type != 0x94', 'noIpOptions', true],
    ['ip.opt.type >= 0', 'tcpV6', false],
  ],
  'DSCP and ECN share a byte': [
    ['ip.dscp == 46', 'expedited', true],
    ['ip.ecn == 1', 'expedited', true],
    ['ip.dscp == 46', 'expeditedV6', true],
    ['ip.ecn == 1', 'expeditedV6', true],
    ['ip.ecn == 3 and ip.dscp == 0', 'congestedV6', true],
    ['ip.dscp == 0', 'tcpSyn', true],
    ['ip.dscp > 63', 'expedited', false],
    ['ip.ecn & 2', 'expedited', false],
    ['ip.ecn & 2', 'congestedV6', true],
  ],
  'the flow label is 20 bits of IPv6': [
    ['ip6.flow_label == 0xabcde', 'expeditedV6', true],
    ['ip6.flow_label == 0xfffff', 'congestedV6', true],
    ['ip6.flow_label == 0', 'tcpV6', true],
    ['ip6.flow_label > 0xfffff', 'congestedV6', false],
    ['ip6.flow_label >= 0', 'tcpSyn', false],
    ['ip6.flow_label != 0', 'tcpSyn', true],
  ],
  'what IPv4 says about fragments': [
    ['ip.id == 1', 'tcpSyn', true],
    ['ip.flags.df', 'tcpSyn', false],
    ['ip.flags.df', 'dontFragment', true],
    ['ip.flags.mf', 'dontFragment', false],
    ['ip.frag', 'dontFragment', false],
    ['ip.frag', 'evilBit', false],
    ['ip.flags.df or ip.flags.mf', 'evilBit', false],
    ['ip.frag', 'tcpSyn', false],
    ['ip.frag', 'firstFragment', true],
    ['ip.flags.mf', 'firstFragment', true],
    ['ip.frag_offset == 0', 'firstFragment', true],
    ['ip.frag', 'laterFragment', true],
    ['ip.flags.mf', 'laterFragment', false],
    ['ip.frag_offset == 185', 'laterFragment', true],
    ['ip.frag_offset == 0', 'tcpSyn', true],
    ['ip.frag and udp.dstport == 53', 'laterFragment', false],
    ['ip.frag and udp.dstport == 53', 'firstFragment', true],
  ],
  'what the first Fragment header of IPv6 says': [
    ['ip.id == 7', 'firstFragmentV6', true],
    ['ip.id == 0xdeadbeef', 'atomicFragmentV6', true],
    ['ip.id >= 0', 'tcpV6', false],
    ['ip.id != 7', 'tcpV6', true],
    ['ip.flags.df', 'tcpV6', false],
    ['not ip.flags.df', 'firstFragmentV6', true],
    ['ip.flags.mf', 'firstFragmentV6', true],
    ['ip.flags.mf', 'laterFragmentV6', false],
    ['ip.flags.mf', 'tcpV6', false],
    ['ip.frag', 'firstFragmentV6', true],
    ['ip.frag', 'laterFragmentV6', true],
    ['ip.frag', 'atomicFragmentV6', false],
    ['ip.frag', 'reservedBitsV6', false],
    ['ip.frag', 'tcpV6', false],
    ['not ip.frag', 'tcpV6', true],
    ['ip.frag_offset == 0', 'firstFragmentV6', true],
    ['ip.frag_offset == 0', 'reservedBitsV6', true],
    ['ip.frag_offset == 1', 'laterFragmentV6', true],
    ['ip.frag_offset == 8191', 'lastFragmentV6', true],
    ['ip.frag_offset == 0', 'tcpV6', false],
    ['ip.frag_offset != 0', 'tcpV6', true],
    ['ip.frag_offset == 1 and ip.flags.mf', 'fragmentBehindDestinationV6', true],
    ['ip.frag_offset == 0 and not ip.frag', 'laterBySecondFragmentV6', true],
    ['ip.id == 1 and ip.flags.mf', 'secondFragmentHeaderV6', true],
    ['udp.payload == "twice"', 'secondFragmentHeaderV6', true],
  ],
  'the way to a Fragment header leads through an Authentication Header, the way to the protocol does not': [
    ['ip.frag_offset == 2', 'fragmentBehindAuthenticationV6', true],
    ['ip.flags.mf', 'fragmentBehindAuthenticationV6', true],
    ['ip.proto == "ah"', 'fragmentBehindAuthenticationV6', true],
    ['udp.dstport >= 0', 'fragmentBehindAuthenticationV6', false],
    ['ip.frag', 'authenticated', false],
  ],
  'a Fragment header of four bytes says where and no more': [
    ['ip.frag or ip.frag_offset >= 0', 'fragmentHeaderCutAt3', false],
    ['ip.frag and ip.frag_offset == 1', 'fragmentHeaderCutAt4', true],
    ['ip.id >= 0', 'fragmentHeaderCutAt4', false],
    ['ip.frag', 'fragmentHeaderCutAt7', true],
    ['ip.id >= 0', 'fragmentHeaderCutAt7', false],
    ['ip.frag', 'fragmentOfCutExtensionV6', true],
    ['ip.proto.num >= 0', 'fragmentOfCutExtensionV6', false],
    ['ip.frag_offset == 0 and not ip.proto.num == 17', 'fragmentOfCutExtensionV6', true],
    ['ip.frag', 'fragmentBehindCutRoutingV6', false],
    ['ip.frag', 'fragmentBehindNoNextV6', false],
  ],
  'the number of the protocol is there when its name is': [
    ['ip.proto.num == 6', 'tcpSyn', true],
    ['ip.proto.num == 17', 'laterFragmentV6', true],
    ['ip.proto.num == 51', 'authenticated', true],
    ['ip.proto.num == 0', 'protocol0', true],
    ['ip.proto.num == 255', 'protocol255', true],
    ['ip.proto.num > 255', 'protocol255', false],
    ['ip.proto.num >= 0', 'cutExtension', false],
    ['ip.proto.num != 17', 'cutExtension', true],
    ['ip.proto.num & 16', 'udpSip', true],
  ],
  'more of the TCP and UDP headers': [
    ['tcp.seq == 1', 'tcpSyn', true],
    ['tcp.seq == 1', 'tcpV6', true],
    ['tcp.seq >= 0', 'tcpCutAt3', false],
    ['tcp.seq == 1', 'tcpCutAt12', true],
    ['tcp.window == 65535', 'tcpSyn', true],
    ['tcp.window >= 0', 'tcpCutAt14', false],
    ['tcp.window >= 0', 'udpEmpty', false],
    ['tcp.hdr_len == 5', 'tcpSyn', true],
    ['tcp.hdr_len == 8', 'tcpOptions', true],
    ['tcp.hdr_len == 4', 'tcpOffset4', true],
    ['tcp.hdr_len == 5', 'tcpCutAt13', true],
    ['tcp.hdr_len >= 0', 'tcpCutAt12', false],
    ['udp.len == 8', 'udpEmpty', true],
    ['udp.len == 36', 'udpSip', true],
    ['udp.len == 8', 'udpCutAt7', true],
    ['udp.len >= 0', 'udpCutAt2', false],
    ['udp.len != 8', 'tcpSyn', true],
    ['udp.len >= 0', 'laterFragmentV6', false],
  ],
  'the first Maximum Segment Size option of length 4, unless the list ends before it': [
    ['tcp.mss == 1460', 'tcpMss', true],
    ['tcp.mss in {1 1460 1461}', 'tcpMss', true],
    ['tcp.mss & 4', 'tcpMss', true],
    ['tcp.mss & 3', 'tcpMss', false],
    ['tcp.mss == 1440', 'tcpMssV6', true],
    ['tcp.mss == 65535', 'tcpMssAtTheEnd', true],
    ['tcp.mss == 536', 'tcpMssTwice', true],
    ['tcp.mss == 1460', 'tcpMssOfLength3', true],
    ['tcp.mss >= 0', 'tcpMssOfLength6', false],
    ['tcp.mss >= 0', 'tcpMssBehindEnd', false],
    ['tcp.mss >= 0', 'tcpMssBehindLength0', false],
    ['tcp.mss >= 0', 'tcpMssBehindLength1', false],
    ['tcp.mss >= 0', 'tcpMssBehindLongOption', false],
    ['tcp.mss >= 0', 'tcpMssCut', false],
    ['tcp.mss >= 0', 'tcpMssWithoutLength', false],
    ['tcp.mss >= 0', 'tcpMssInPayload', false],
    ['tcp.mss >= 0', 'tcpMssOfCutHeader', false],
    ['tcp.mss >= 0', 'tcpMssOffset4', false],
    ['tcp.mss >= 0', 'tcpOptions', false],
    ['tcp.mss != 1460', 'tcpSyn', true],
    ['tcp.mss != 1460', 'udpEmpty', true],
    ['not tcp.mss == 1460', 'tcpMss', false],
  ],
  'GRE and ESP': [
    ['gre.proto == 0x0800', 'gre', true],
    ['gre.proto == 0x86dd', 'greV6', true],
    ['gre.proto >= 0', 'greCutAt3', false],
    ['gre.proto != 0x0800', 'esp', true],
    ['esp.spi == 0x01010101', 'esp', true],
    ['esp.spi == 0xdeadbeef', 'espV4', true],
    ['esp.spi >= 0', 'espCutAt3', false],
    ['esp.spi >= 0', 'gre', false],
  ],
  'the length of the packet is what is there': [
    ['packet.len == 40', 'tcpSyn', true],
    ['packet.len == 60', 'tcpV6', true],
    ['packet.len == 30', 'padded', true],
    ['packet.len > 65535', 'udpLong', false],
    ['packet.len in {1..1000 1427}', 'udpLong', true],
    ['packet.len & 4', 'tcpSyn', false],
    ['packet.len & 8', 'tcpSyn', true],
  ],
  flags: [
    ['tcp.flags == 0x02', 'tcpSyn', true],
    ['tcp.flags == 0x02', 'tcpSynAck', false],
    ['tcp.flags & 0x02', 'tcpSynAck', true],
    ['tcp.flags & 0x05', 'tcpSynAck', false],
    ['tcp.flags == 0', 'tcpNoFlag', true],
    ['tcp.flags & 0xff', 'tcpNoFlag', false],
    ['tcp.flags == 0xff', 'tcpEveryFlag', true],
    ['tcp.flags.fin', 'tcpFin', true],
    ['tcp.flags.ecn', 'tcpEce', true],
    ['tcp.flags.cwr', 'tcpEce', false],
    ['tcp.flags.cwr', 'tcpCwr', true],
    ['tcp.flags.reset and tcp.flags.push and tcp.flags.urg', 'tcpEveryFlag', true],
    ['tcp.flags.syn xor tcp.flags.ack', 'tcpSynAck', false],
    ['tcp.flags.syn xor tcp.flags.ack xor tcp.flags.fin', 'tcpEveryFlag', true],
  ],
  'ICMP is protocol 1 wherever it is': [
    ['icmp.type == 8', 'icmpEcho', true],
    ['icmp.type == 3 and icmp.code == 3', 'icmpPort', true],
    ['icmp.type == 128', 'icmpv6Echo', false],
    ['icmp.type != 128', 'icmpv6Echo', true],
    ['ip.proto == "ipv6-icmp"', 'icmpv6Echo', true],
    ['icmp.type == 8', 'icmpOverV6', true],
    ['bit_slice(icmp, 0, 16) == 0x0303', 'icmpPort', true],
  ],
  'ICMPv6 is protocol 58 wherever it is': [
    ['icmpv6.type == 128', 'icmpv6Echo', true],
    ['icmpv6.type == 1 and icmpv6.code == 4', 'icmpv6Unreachable', true],
    ['icmpv6.type == 128', 'icmpv6OverV4', true],
    ['icmpv6.type >= 0', 'icmpEcho', false],
    ['icmpv6.type != 128', 'icmpEcho', true],
    ['icmpv6.type == 128', 'icmpv6OneByte', true],
    ['icmpv6.code >= 0', 'icmpv6OneByte', false],
    ['bit_slice(icmpv6, 0, 16) == 0x0104', 'icmpv6Unreachable', true],
    ['len(icmpv6) == 8', 'icmpv6Echo', true],
    ['icmpv6 contains "\\x00\\x01\\x00"', 'icmpv6Echo', true],
  ],
  'payloads from their first byte to their last': [
    ['starts_with(udp.payload, "INVITE ")', 'udpSip', true],
    ['starts_with(udp.payload, "NVITE")', 'udpSip', false],
    ['ends_with(udp.payload, "xyzzy")', 'udpSip', true],
    ['ends_with(udp.payload, "xyzzy")', 'udpSipV6', false],
    ['ends_with(udp.payload, " xyzz")', 'udpSipV6', true],
    ['ends_with(udp.payload, "INVITE sip:bob SIP/2.0 xyzzy")', 'udpSip', true],
    ['ends_with(udp.payload, "!INVITE sip:bob SIP/2.0 xyzzy")', 'udpSip', false],
    ['starts_with(udp.payload, "INVITE sip:bob SIP/2.0 xyzzy")', 'udpSip', true],
    ['starts_with(udp.payload, "INVITE sip:bob SIP/2.0 xyzzy!")', 'udpSip', false],
    ['udp.payload == "INVITE sip:bob SIP/2.0 xyzzy"', 'udpSip', true],
    ['udp.payload == "INVITE sip:bob SIP/2.0 xyzz"', 'udpSip', false],
    ['udp.payload contains "INVITE sip:bob SIP/2.0 xyzzy"', 'udpSip', true],
    ['udp.payload contains "zzy"', 'udpSip', true],
    ['udp.payload contains "INV"', 'udpSip', true],
    ['udp.payload contains "xyzzy"', 'udpSipV6', false],
    ['udp.payload == "a"', 'udpOneByte', true],
    ['udp.payload in {"b" "a"}', 'udpOneByte', true],
    ['udp.payload < "b"', 'udpOneByte', true],
    ['udp.payload < "a"', 'udpOneByte', false],
    ['udp.payload <= "a"', 'udpOneByte', true],
    ['udp.payload > ""', 'udpOneByte', true],
    ['udp.payload > ""', 'udpEmpty', false],
    ['udp.payload >= ""', 'udpEmpty', true],
    ['udp.payload < "aa"', 'udpOneByte', true],
    ['udp.payload == ""', 'udpEmpty', true],
    ['len(udp.payload) == 0', 'udpEmpty', true],
    ['udp.payload contains "a"', 'udpEmpty', false],
    ['len(udp.payload) == 1399', 'udpLong', true],
    ['udp.payload contains "efgabcdefgab"', 'udpLong', true],
    ['udp.payload contains "efab"', 'udpLong', false],
    ['ends_with(udp.payload, "defg")', 'udpLong', false],
    ['ends_with(udp.payload, "fgabcdef")', 'udpLong', true],
    ['udp.payload == "ab"', 'padded', true],
    ['udp.payload contains "\\xee"', 'padded', false],
    ['tcp.payload == "SSH-2.0-OpenSSH_9.2\\x0d\\x0a"', 'tcpSsh', true],
    ['tcp.payload > "SSH-2.0-OpenSSH_9.1"', 'tcpSsh', true],
    ['tcp.payload < "SSH-2.0-OpenSSH_9.2"', 'tcpSsh', false],
    ['tcp.payload < "SSH-2.0-OpenSSH_9.3"', 'tcpSsh', true],
    ['starts_with(udp, "\\x13\\xc4\\x13\\xc4")', 'udpSip', true],
  ],
  'slices of bits': [
    ['bit_slice(udp, 64, 96) == 0xdeadbeef', 'udpBytes', true],
    ['bit_slice(udp.payload, 0, 32) == 0xdeadbeef', 'udpBytes', true],
    ['bit_slice(udp.payload, 0, 1) == 1', 'udpBytes', true],
    ['bit_slice(udp.payload, 1, 2) == 1', 'udpBytes', true],
    ['bit_slice(udp.payload, 2, 3) == 0', 'udpBytes', true],
    ['bit_slice(udp.payload, 4, 12) == 0xea', 'udpBytes', true],
    ['bit_slice(udp.payload, 7, 9) == 1', 'udpBytes', true],
    ['bit_slice(udp.payload, 56, 64) == 0x80', 'udpBytes', true],
    ['bit_slice(udp.payload, 63, 64) == 0', 'udpBytes', true],
    ['bit_slice(udp.payload, 57, 65) >= 0', 'udpBytes', false],
    ['bit_slice(udp.payload, 57, 65) != 0', 'udpBytes', true],
    ['bit_slice(udp.payload, 64, 65) >= 0', 'udpBytes', false],
    ['bit_slice(udp.payload, 33, 64) == 0x0102ff80', 'udpBytes', true],
    ['bit_slice(udp.payload, 31, 63) == 0x80817fc0', 'udpBytes', true],
    ['bit_slice(udp, 16, 32) == 65535', 'udpBytes', true],
    ['bit_slice(udp, 64, 96) & 1', 'udpBytes', true],
    ['bit_slice(udp, 64, 96) & 0x00524110', 'udpBytes', false],
    ['bit_slice(tcp, 106, 112) == 0x18', 'tcpSsh', true],
    ['bit_slice(tcp.payload, 0, 24) == 0x535348', 'tcpSsh', true],
    ['bit_slice(ip, 2032, 2040) >= 0', 'udpLong', true],
    ['bit_slice(ip, 2032, 2040) >= 0', 'udpSip', false],
  ],
  'operators bind as they are defined': [
    ['not tcp.dstport == 22 and ip.ttl == 64', 'tcpSyn', false],
    ['not (tcp.dstport == 22 and ip.ttl == 63)', 'tcpSyn', true],
    ['tcp.dstport == 22 or ip.ttl == 1 and ip.ttl == 2', 'tcpSyn', true],
    ['ip.ttl == 64 xor ip.ttl == 64 or tcp.dstport == 22', 'tcpSyn', true],
    ['ip.ttl == 64 xor tcp.dstport == 22 xor tcp.srcport == 40000', 'tcpSyn', true],
    ['ip.ttl == 64 xor tcp.dstport == 22 and tcp.srcport == 1', 'tcpSyn', true],
    ['!tcp.flags.ack && tcp.flags.syn', 'tcpSyn', true],
    ['tcp.flags.ack ^^ tcp.flags.syn || false', 'tcpSyn', true],
    ['not not tcp.flags.syn', 'tcpSyn', true],
    ['true and not false', 'udpEmpty', true],
    ['not (not ip.ttl == 64 or not tcp.dstport == 22) and not tcp.srcport == 1', 'tcpSyn', true],
    ['not (not ip.ttl == 64 or not tcp.dstport == 22) and not tcp.srcport == 40000', 'tcpSyn', false],
  ],
  'bytes as they are': [
    ['udp.dstport == 53', '4500001d00010000401166cd0a0000010a00000213c400350009000061', true],
    [
      'udp.dstport == 53',
      '600000000009114020010db800000000000000000000000120010db800000000000000000000000213c400350009000061',
      true,
    ],
    [
      'udp.payload == "a"',
      '600000000009114020010db800000000000000000000000120010db800000000000000000000000213c400350009000061',
      true,
    ],
    [
      'ip.src == 2001:db8::1 and ip.ttl == 64',
      '600000000009114020010db800000000000000000000000120010db800000000000000000000000213c400350009000061',
      true,
    ],
    ['ip.src == 2001:db8::1', '4500001d00010000401166cd0a0000010a00000213c400350009000061', false],
  ],
};

const ROWS = Object.values(TABLES).flat();
const EXPRESSIONS = [...new Set(ROWS.map(([expression]) => expression))];
/** Every packet, with or without a row: all are sent. */
const NAMES = [...new Set([...Object.keys(PACKETS), ...ROWS.map(([, packet]) => packet)])];
const FRAMES: readonly Frame[] = NAMES.map((name, number) => rawFrame(number, bytesOf(name)));

type Held = ReadonlyMap<string, ReadonlySet<string>>;
/** By packet, the expressions that held of it: at the hook by both choices, and in BPF_PROG_TEST_RUN. */
let held: Readonly<Record<'auto' | 'ebpf' | 'plainProgram' | 'optimisedProgram', Held>>;

beforeAll(async () => {
  held = {
    auto: await atHook('auto'),
    ebpf: await atHook('ebpf'),
    plainProgram: await inTestRun('plain'),
    optimisedProgram: await inTestRun('formula'),
  };
  process.stdout.write(`${ROWS.length} rows, ${EXPRESSIONS.length} expressions, ${NAMES.length} packets\n`);
}, 600_000 * TIME_FACTOR);

describe.each(Object.entries(TABLES))('%s', (_, rows) => {
  test.each(rows)('%s of %s: %s', (expression, name, expected) => {
    const heldIn = (judge: keyof typeof held) => held[judge].get(name)?.has(expression);
    expect({
      plain: evaluated(expression, name, 'plain'),
      optimised: evaluated(expression, name, 'formula'),
      nftables: heldIn('auto'),
      xtBpf: heldIn('ebpf'),
      plainProgram: heldIn('plainProgram'),
      optimisedProgram: heldIn('optimisedProgram'),
    }).toEqual({
      plain: expected,
      optimised: expected,
      nftables: expected,
      xtBpf: expected,
      plainProgram: expected,
      optimisedProgram: expected,
    });
  });
});

function evaluated(expression: string, name: string, stage: 'plain' | 'formula'): boolean {
  const packet = packetOf(name);
  return holds(compiledExpression(expression)[stage][packet.family], packet);
}

/** What the kernel's hook found; all frames must have come to it. */
async function atHook(choice: Choice): Promise<Held> {
  const plan = planOf(
    EXPRESSIONS.map(expression => ({ expression, action: 'log' })),
    { choice },
  );
  const found = new Map<string, ReadonlySet<string>>();
  await replay(plan, FRAMES, TEST_CACHE, ({ number }, fate) => {
    const name = NAMES[number] ?? '';
    const rules = fate.kind === 'judged' ? fate.matched : [];
    found.set(name, new Set(rules.map(({ index }) => EXPRESSIONS[index - 1] ?? '')));
    if (fate.kind === 'unseen') throw new Error(`${name}: ${fate.reason}`);
  });
  return found;
}

/** What each expression's program says to BPF_PROG_TEST_RUN. */
async function inTestRun(stage: 'plain' | 'formula'): Promise<Held> {
  const found = new Map(NAMES.map(name => [name, new Set<string>()]));
  const compiled = EXPRESSIONS.map(expression => {
    const { ip, ip6 } = compiledExpression(expression)[stage];
    return { expression, programs: { ip: programFor(ip, 'ip'), ip6: programFor(ip6, 'ip6') } };
  });
  const loaded = await loadTogether(compiled.flatMap(({ programs: { ip, ip6 } }) => [ip, ip6]));
  for (const { expression, programs } of compiled) {
    for (const name of NAMES) {
      const { family, bytes } = packetOf(name);
      const program = loaded.get(programs[family].name);
      if (program !== undefined && testRunOnPacket(program, bytes).retval !== 0) found.get(name)?.add(expression);
    }
  }
  closeAll(loaded);
  return found;
}

function packetOf(name: string): Packet {
  const packet = dissect(bytesOf(name));
  if (packet === undefined) throw new Error(`${name} is no packet`);
  return packet;
}

function bytesOf(name: string): Uint8Array {
  return name in PACKETS ? PACKETS[name as PacketName] : Buffer.from(name, 'hex');
}
