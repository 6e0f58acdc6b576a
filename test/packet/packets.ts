// Packets written out for the tests, by name: ordinary ones of each kind, and those at the borders of what a field is:
// fragments, extension headers, headers and payloads that are cut short, empty or of odd length.

import { type IpHeader, icmp, icmpv6, ipPacket, TCP_FLAG, type Transport, tcp, udp } from '../../src/packet/build';

type Extension = 'hop-by-hop' | 'routing' | 'fragment' | 'authentication' | 'destination';
const NEXT_HEADER: Readonly<Record<Extension, number>> = {
  'hop-by-hop': 0,
  routing: 43,
  fragment: 44,
  authentication: 51,
  destination: 60,
};

const { fin, syn, rst, psh, ack, urg, ece, cwr } = TCP_FLAG;
const v4: IpHeader = { source: '10.0.0.1', destination: '192.168.1.2' };
const v6: IpHeader = { source: '2001:db8::1', destination: '2001:db8::2' };

export const PACKETS = {
  tcpSyn: ipPacket(v4, tcp(40000, 22, syn)),
  tcpSynAck: ipPacket(v4, tcp(443, 50000, syn | ack)),
  tcpEveryFlag: ipPacket(v4, tcp(1, 2, fin | syn | rst | psh | ack | urg | ece | cwr)),
  tcpNoFlag: ipPacket(v4, tcp(0, 65535, 0)),
  tcpFin: ipPacket(v4, tcp(40000, 80, fin)),
  tcpEce: ipPacket(v4, tcp(40000, 80, ece)),
  tcpCwr: ipPacket(v4, tcp(40000, 80, cwr)),
  tcpSsh: ipPacket(v4, tcp(22, 40000, psh | ack, 'SSH-2.0-OpenSSH_9.2\r\n')),
  /** Data offset 8: 12 bytes of options, then "GET". */
  tcpOptions: ipPacket(
    v4,
    withDataOffset(tcp(40000, 80, ack, '\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01GET'), 8),
  ),
  tcpMss: ipPacket(v4, withOptions('020405b4')),
  tcpMssV6: ipPacket(v6, withOptions('0101080a 00000001 00000002 020405a0')),
  /** NOPs, another option, then it, in the last of 40 bytes. */
  tcpMssAtTheEnd: ipPacket(v4, withOptions(`${'01'.repeat(24)} 080a0000000100000002 0101 0204ffff`)),
  tcpMssTwice: ipPacket(v4, withOptions('02040218 020405b4')),
  /** Kind 2 of length 3 is skipped. */
  tcpMssOfLength3: ipPacket(v4, withOptions('020305 01 020405b4')),
  tcpMssOfLength6: ipPacket(v4, withOptions('020605b40000 0101')),
  tcpMssBehindEnd: ipPacket(v4, withOptions('00010101 020405b4')),
  tcpMssBehindLength0: ipPacket(v4, withOptions('08000101 020405b4')),
  tcpMssBehindLength1: ipPacket(v4, withOptions('08010101 020405b4')),
  tcpMssBehindLongOption: ipPacket(v4, withOptions('08ff0101 020405b4')),
  /** The length says 4, the header ends after 3. */
  tcpMssCut: ipPacket(v4, withOptions('01 020405')),
  tcpMssWithoutLength: ipPacket(v4, withOptions('010101 02', 'b4b4b4')),
  /** The option lies behind the data offset, in the payload. */
  tcpMssInPayload: ipPacket(v4, withDataOffset(tcp(40000, 80, syn, Buffer.from('020405b4', 'hex')), 5)),
  /** The option is there, but not all of the header that the data offset states. */
  tcpMssOfCutHeader: ipPacket(v4, withDataOffset(tcp(40000, 80, syn, Buffer.from('02040564', 'hex')), 7)),
  tcpMssOffset4: ipPacket(v4, withDataOffset(tcp(40000, 80, syn, Buffer.from('02040564', 'hex')), 4)),
  /** Data offset 4 is shorter than the header itself. */
  tcpOffset4: ipPacket(v4, withDataOffset(tcp(40000, 80, ack, 'GET'), 4)),
  tcpOffsetBeyond: ipPacket(v4, withDataOffset(tcp(40000, 80, ack, 'GET'), 6)),
  tcpCutAt12: ipPacket(v4, cut(tcp(40000, 80, ack), 12)),
  tcpCutAt13: ipPacket(v4, cut(tcp(40000, 80, ack), 13)),
  tcpCutAt14: ipPacket(v4, cut(tcp(40000, 80, ack), 14)),
  tcpCutAt3: ipPacket(v4, cut(tcp(40000, 80, ack), 3)),
  tcpV6: ipPacket(v6, tcp(40000, 22, syn)),
  udpSip: ipPacket(v4, udp(5060, 5060, 'INVITE sip:bob SIP/2.0 xyzzy')),
  udpSipV6: ipPacket(v6, udp(5060, 5060, 'INVITE sip:bob SIP/2.0 xyzz')),
  udpEmpty: ipPacket(v4, udp(40000, 53)),
  udpOneByte: ipPacket(v4, udp(53, 40000, 'a')),
  udpBytes: ipPacket(v4, udp(0, 65535, Buffer.from('deadbeef0102ff80', 'hex'))),
  udpZeros: ipPacket(v6, udp(123, 123, Buffer.alloc(17))),
  udpCutAt7: ipPacket(v4, cut(udp(40000, 53), 7)),
  udpCutAt2: ipPacket(v4, cut(udp(40000, 53), 2)),
  udpNothing: ipPacket(v4, cut(udp(40000, 53), 0)),
  udpLong: ipPacket(v4, udp(40000, 7, Buffer.alloc(1399, 'abcdefg'))),
  icmpEcho: ipPacket(v4, icmp(8, 0)),
  icmpPort: ipPacket(v4, icmp(3, 3)),
  icmpOneByte: ipPacket(v4, cut(icmp(8, 0), 1)),
  icmpv6Echo: ipPacket(v6, icmpv6(128, 0)),
  /** Protocol 1 over IPv6 is ICMP to the language, whatever it is to hosts. */
  icmpOverV6: ipPacket(v6, icmp(8, 0)),
  icmpv6Unreachable: ipPacket(v6, icmpv6(1, 4)),
  icmpv6OneByte: ipPacket(v6, cut(icmpv6(128, 0), 1)),
  icmpv6OverV4: ipPacket(v4, icmpv6(128, 0)),
  gre: ipPacket(v4, { protocol: 47, bytes: Buffer.from('0000080000', 'hex') }),
  esp: ipPacket(v6, { protocol: 50, bytes: Buffer.alloc(16, 1) }),
  greV6: ipPacket(v6, { protocol: 47, bytes: Buffer.from('200086dd', 'hex') }),
  greCutAt3: ipPacket(v6, { protocol: 47, bytes: Buffer.from('000008', 'hex') }),
  espV4: ipPacket(v4, { protocol: 50, bytes: Buffer.from('deadbeef00000001', 'hex') }),
  espCutAt3: ipPacket(v4, { protocol: 50, bytes: Buffer.from('deadbe', 'hex') }),
  protocol255: ipPacket(v4, { protocol: 255, bytes: Buffer.alloc(0) }),
  protocol0: ipPacket(v4, { protocol: 0, bytes: Buffer.alloc(8, 0xff) }),
  /** IHL 6: four bytes of options before the UDP header. */
  ipOptions: withIpOptions(udp(40000, 53, 'abc')),
  /** IHL 5 with the byte of an option's type where the UDP header begins; IHL 15, the longest. */
  noIpOptions: ipPacket(v4, udp(0x9404, 53, 'abc')),
  mostIpOptions: ipPacket({ ...v4, options: Buffer.from(`94040000${'01'.repeat(36)}`, 'hex') }, udp(40000, 53, 'abc')),
  expedited: ipPacket({ ...v4, trafficClass: 0xb9 }, udp(40000, 53)),
  expeditedV6: ipPacket({ ...v6, trafficClass: 0xb9, flowLabel: 0xabcde }, udp(40000, 53)),
  congestedV6: ipPacket({ ...v6, trafficClass: 0x03, flowLabel: 0xfffff }, udp(40000, 53)),
  dontFragment: ipPacket({ ...v4, fragmentOffset: 0x4000 }, tcp(40000, 22, syn)),
  evilBit: ipPacket({ ...v4, fragmentOffset: 0x8000 }, udp(40000, 53)),
  /** Six bytes behind the end that the IP header states, as Ethernet pads. */
  padded: Buffer.concat([ipPacket(v4, udp(40000, 53, 'ab')), Buffer.alloc(6, 0xee)]),
  firstFragment: ipPacket({ ...v4, fragmentOffset: 0x2000 }, udp(40000, 53, 'first')),
  laterFragment: ipPacket({ ...v4, fragmentOffset: 185 }, udp(40000, 53, 'later')),
  laterFragmentTcp: ipPacket({ ...v4, fragmentOffset: 1 }, tcp(40000, 22, syn)),
  firstFragmentV6: ipPacket(v6, behind('fragment', '0001 00000007', udp(40000, 53, 'first'))),
  laterFragmentV6: ipPacket(v6, behind('fragment', '0008 00000007', udp(40000, 53, 'later'))),
  /** The first fragment header says offset 0, the second one 8. */
  laterBySecondFragmentV6: ipPacket(
    v6,
    behind('fragment', '0000 00000007', behind('fragment', '0040 00000007', udp(40000, 53, 'later'))),
  ),
  /** Offset 0 and no more fragments to come: RFC 6946. */
  atomicFragmentV6: ipPacket(v6, behind('fragment', '0000 deadbeef', udp(40000, 53, 'whole'))),
  /** The two reserved bits of the Fragment header, which say nothing. */
  reservedBitsV6: ipPacket(v6, behind('fragment', '0006 00000007', udp(40000, 53, 'whole'))),
  lastFragmentV6: ipPacket(v6, behind('fragment', 'fff8 00000007', udp(40000, 53, 'last'))),
  fragmentBehindDestinationV6: ipPacket(
    v6,
    behind('destination', '0104 00000000', behind('fragment', '0009 00000007', udp(40000, 53))),
  ),
  /** Authentication Header of 24 bytes: to the walk for the protocol it is the end, to that for the fragment not. */
  fragmentBehindAuthenticationV6: ipPacket(v6, authenticated(behind('fragment', '0011 00000007', udp(40000, 53)))),
  /** Two first fragments in one: the first header counts. */
  secondFragmentHeaderV6: ipPacket(
    v6,
    behind('fragment', '0001 00000001', behind('fragment', '0000 00000002', udp(40000, 53, 'twice'))),
  ),
  fragmentHeaderCutAt3: ipPacket(v6, { protocol: 44, bytes: Buffer.from('110000', 'hex') }),
  fragmentHeaderCutAt4: ipPacket(v6, { protocol: 44, bytes: Buffer.from('11000009', 'hex') }),
  fragmentHeaderCutAt7: ipPacket(v6, { protocol: 44, bytes: Buffer.from('11000001000000', 'hex') }),
  /** A Fragment header is whole, what follows it is cut off: there is no protocol, and a fragment nonetheless. */
  fragmentOfCutExtensionV6: ipPacket(
    v6,
    behind('fragment', '0001 00000007', { protocol: 60, bytes: Buffer.from([17]) }),
  ),
  fragmentBehindCutRoutingV6: ipPacket(v6, { protocol: 43, bytes: Buffer.from('2c0000', 'hex') }),
  fragmentBehindNoNextV6: ipPacket(v6, { protocol: 59, bytes: Buffer.from('1100000900000007', 'hex') }),
  firstFragmentV6CutAt2: ipPacket(v6, behind('fragment', '0001 00000007', cut(udp(40000, 53), 2))),
  firstFragmentV6CutAt3: ipPacket(v6, behind('fragment', '0001 00000007', cut(udp(40000, 53), 3))),
  hopByHop: ipPacket(v6, behind('hop-by-hop', '0104 00000000', udp(40000, 53, 'abc'))),
  destinationAndRouting: ipPacket(
    v6,
    behind('destination', '0104 00000000', behind('routing', '0000 00000000', tcp(40000, 22, syn))),
  ),
  authenticated: ipPacket(v6, {
    protocol: 51,
    bytes: Buffer.from(`0604 0000 ${'00'.repeat(20)}`.replaceAll(' ', ''), 'hex'),
  }),
  noNextHeader: ipPacket(v6, { protocol: 59, bytes: Buffer.alloc(0) }),
  cutExtension: ipPacket(v6, { protocol: 60, bytes: Buffer.from([17]) }),
  extensionBeyond: ipPacket(v6, { protocol: 60, bytes: Buffer.from('11ff000000000000', 'hex') }),
  ttl0: ipPacket({ ...v4, ttl: 0 }, udp(40000, 53)),
  ttl255: ipPacket({ ...v6, ttl: 255 }, udp(40000, 53)),
  lowestOf10: ipPacket({ ...v4, source: '10.0.0.0' }, udp(1, 1)),
  highestOf10: ipPacket({ ...v4, source: '10.255.255.255' }, udp(1, 1)),
  below10: ipPacket({ ...v4, source: '9.255.255.255' }, udp(1, 1)),
  above10: ipPacket({ ...v4, source: '11.0.0.0' }, udp(1, 1)),
  highestV4: ipPacket({ source: '255.255.255.254', destination: '255.255.255.255' }, udp(1, 1)),
  lowestOfDb8: ipPacket({ ...v6, source: '2001:db8::' }, udp(1, 1)),
  highestOfDb8: ipPacket({ ...v6, source: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff' }, udp(1, 1)),
  aboveDb8: ipPacket({ ...v6, source: '2001:db9::' }, udp(1, 1)),
  mapped: ipPacket({ ...v6, source: '::ffff:10.0.0.1' }, udp(1, 1)),
} satisfies Readonly<Record<string, Uint8Array>>;

export type PacketName = keyof typeof PACKETS;

/** An 8-byte extension header: next header, a zero (its length in 8 bytes, or reserved), then six bytes given in hex. */
function behind(extension: Extension, rest: string, inner: Transport): Transport {
  const header = Buffer.from([inner.protocol, 0, ...Buffer.from(rest.replaceAll(' ', ''), 'hex')]);
  return { protocol: NEXT_HEADER[extension], bytes: Buffer.concat([header, inner.bytes]) };
}

function cut({ protocol, bytes }: Transport, length: number): Transport {
  return { protocol, bytes: bytes.subarray(0, length) };
}

/** A SYN with these options, in whole words, and a payload. */
function withOptions(options: string, payload = ''): Transport {
  const bytes = options.replaceAll(' ', '');
  const segment = tcp(40000, 80, TCP_FLAG.syn, Buffer.from(bytes + payload, 'hex'));
  return withDataOffset(segment, 5 + bytes.length / 8);
}

function withDataOffset({ protocol, bytes }: Transport, words: number): Transport {
  const changed = Buffer.from(bytes);
  changed[12] = words << 4;
  return { protocol, bytes: changed };
}

/** An Authentication Header of 24 bytes: RFC 4302 counts its length in words of 4 bytes, less 2. */
function authenticated(inner: Transport): Transport {
  const header = Buffer.from([inner.protocol, 4, 0, 0, 0, 0, 0, 1, ...Buffer.alloc(16, 0xaa)]);
  return { protocol: NEXT_HEADER.authentication, bytes: Buffer.concat([header, inner.bytes]) };
}

/** Total length and checksum are written out: 24 + 11 bytes from 10.0.0.1 to 192.168.1.2, TTL 64, protocol 17. */
function withIpOptions({ bytes }: Transport): Uint8Array {
  const header = Buffer.from('46000023000100004011ac1c0a000001c0a8010201010101', 'hex');
  return Buffer.concat([header, bytes]);
}
