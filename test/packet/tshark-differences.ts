// Every difference between our expressions and tshark's display filters over the frames of mixed.pcap, each with its reason.
// `ours`: frames that only the expression holds of; `theirs`: only the filter. The test fails when one is missing here,
// and when one is no longer there.

export interface Difference {
  readonly reason: string;
  readonly expression: string;
  readonly ours?: readonly number[];
  readonly theirs?: readonly number[];
}

/** GRE frames that carry IPv4, from 757 on each fourteenth. */
const OSPF_IN_GRE = [757, 771, 785, 799, 813, 827, 841, 855];
const ESP_IN_UDP = [1027, 1030, 1032, 1035, 1037, 1038, 1040, 1042];

export const DIFFERENCES: readonly Difference[] = [
  ...of('a tunnel (GRE): tshark also looks at the OSPF packet inside', [
    { expression: 'ip.dst == 224.0.0.5', theirs: OSPF_IN_GRE },
    { expression: 'ip.ttl == 1', theirs: OSPF_IN_GRE },
    { expression: 'ip.proto.num == 89', theirs: OSPF_IN_GRE },
  ]),
  ...of('an NHRP indication over GRE: tshark also looks at the packet that it quotes', [
    { expression: 'ip.src in {10.0.0.0/8}', theirs: [1162] },
    { expression: 'ip.dst < 100.0.0.0', theirs: [1162] },
    { expression: 'ip.dscp == 0', theirs: [1162] },
    { expression: 'ip.proto == "icmp"', theirs: [1162] },
    { expression: 'icmp.type == 8', theirs: [1162] },
  ]),
  ...of('a PIM register: tshark also looks at the packet inside', [
    { expression: 'ip.proto == "icmp"', theirs: [301] },
    { expression: 'icmp.type == 8', theirs: [301] },
  ]),
  ...of('an ICMPv6 error: tshark also looks at the packet that it quotes', [
    { expression: 'ip.len > 200', theirs: [963] },
    { expression: 'ip.ecn > 0', theirs: [963] },
    { expression: 'ip.flags.mf', theirs: [963] },
    { expression: 'ip.frag', theirs: [963] },
    { expression: 'ip6.flow_label > 0', theirs: [963] },
  ]),
  ...of('ESP in UDP (RFC 3948): to us the protocol is UDP', [{ expression: 'esp.spi > 0', theirs: ESP_IN_UDP }]),
  ...of('an IPv4 total length of 0, as segmentation offload leaves it: tshark takes the captured length', [
    { expression: 'ip.len > 200', theirs: [602, 982] },
    { expression: 'ip.len < 50', ours: [602, 982] },
  ]),
  ...of('a UDP length of 0, as segmentation offload leaves it: tshark shows no payload', [
    { expression: 'len(udp.payload) > 0', ours: [602] },
  ]),
  ...of('a UDP length of 8 in a longer packet: our payload goes to the end of the packet', [
    { expression: 'udp.payload contains "\\x00\\x01\\x00"', ours: [735] },
    { expression: 'udp.payload matches r"(?i)[a-z]{12}"', ours: [735] },
    { expression: 'len(udp.payload) > 0', ours: [735] },
  ]),
  ...of('an IPv6 payload length of 0: the packet ends behind its header, and tshark takes UDP for malformed', [
    { expression: 'ip.proto == "udp"', ours: [603, 605] },
    { expression: 'packet.len < 60', ours: [603, 605] },
  ]),
  ...of('a total length below that of the header, which the kernel discards: tshark stops there', [
    { expression: 'ip.dst < 100.0.0.0', ours: [981] },
    { expression: 'ip.src >= 128.0.0.0', ours: [981] },
    { expression: 'ip.id > 60000', ours: [981] },
    { expression: 'ip.proto == "udp"', ours: [981] },
    { expression: 'udp.payload contains "\\x00\\x01\\x00"', ours: [981] },
    { expression: 'len(udp.payload) > 0', ours: [981] },
  ]),
  ...of('no whole header, so no packet: 25 bytes of IPv6', [
    { expression: 'not ip.src in {0.0.0.0/0}', theirs: [991] },
    { expression: 'ip.version == 6', theirs: [991] },
    { expression: 'ip.dscp == 0', theirs: [991] },
    { expression: 'ip6.flow_label > 0', theirs: [991] },
    { expression: 'packet.len < 60', theirs: [991] },
  ]),
  ...of('neither IPv4 nor IPv6, so no packet: only the frame has a length', [
    { expression: 'packet.len < 60', theirs: [927, 934, 950, 951] },
  ]),
  ...of('later fragments: the protocol is in their header, and tshark shows no layer for it', [
    { expression: 'ip.proto == "udp"', ours: [347, 1017] },
  ]),
  ...of('a header longer than what was captured of it: the protocol is there, and tshark stops before its layer', [
    { expression: 'ip.proto == "udp"', ours: [978] },
    { expression: 'ip.proto == "icmp"', ours: [979] },
  ]),
  ...of('Accurate ECN: after such a handshake tshark reads the flags as one number (ACE)', [
    { expression: 'tcp.flags.ecn', ours: [331, 332, 333] },
    { expression: 'tcp.flags.cwr', ours: [330] },
  ]),
  ...of('cut short by the capture: tshark gives no length to segments of which it has not all', [
    { expression: 'len(tcp.payload) > 0', ours: [555, 599, 1538] },
  ]),
];

function of(reason: string, rows: readonly Omit<Difference, 'reason'>[]): Difference[] {
  return rows.map(row => ({ reason, ...row }));
}
