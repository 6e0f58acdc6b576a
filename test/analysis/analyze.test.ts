// What the analysis finds, written out: a policy, and every finding as `rule: kind family by rules`.

import { holds } from '../../src/ir/evaluate';
import { dissect } from '../../src/packet/packet';
import { analysisOf, findingsOf, rulesOf } from './policy';

type Row = readonly [policy: readonly string[], findings: readonly string[]];

const TABLES: Readonly<Record<string, readonly Row[]>> = {
  'rules that match nothing': [
    [['block tcp.dstport == 80'], []],
    [['block tcp.dstport == 80 and tcp.dstport == 81'], ['r1: never_matches both']],
    [['block tcp.dstport == 80 and udp.dstport == 80'], ['r1: never_matches both']],
    [['block ip.src == 10.0.0.1 and ip.src == 2001:db8::1'], ['r1: never_matches both']],
    [['block ip.src in {10.0.0.0/8} and not ip.src in {8.0.0.0/6}'], ['r1: never_matches both']],
    [['block tcp.flags == 0x02 and tcp.flags.ack'], ['r1: never_matches both']],
    [['block tcp.flags.syn and not tcp.flags & 0x03'], ['r1: never_matches both']],
    [['block ip.frag_offset > 0 and tcp.dstport == 80'], ['r1: never_matches both']],
    [['block ip.frag_offset > 0 and ip.proto == "tcp"'], []],
    [['block ip.hdr_len < 5'], ['r1: never_matches both']],
    [['block ip.len < 20'], ['r1: never_matches both']],
    [['block ip.len < 40 and tcp.flags.syn and tcp.window > 0'], []],
    [['block ip.len < 34 and tcp.flags.syn'], ['r1: never_matches both']],
    [['block ip.hdr_len == 6 and ip.len < 38 and tcp.flags.syn'], ['r1: never_matches both']],
    [['block ip.len == 100 and packet.len == 101'], ['r1: never_matches both']],
    [['block ip.len == 100 and len(udp.payload) == 73'], ['r1: never_matches both']],
    [['block ip.len == 100 and ip.hdr_len == 5 and len(udp.payload) == 72'], []],
    [['block tcp.hdr_len == 15 and len(tcp) < 60 and len(tcp.payload) >= 0'], ['r1: never_matches both']],
    [['block tcp.mss > 0 and tcp.hdr_len == 5'], ['r1: never_matches both']],
    [['block ip6.flow_label == 1 and ip.id == 1 and not ip.flags.mf and ip.ttl > 255'], ['r1: never_matches both']],
    [['block ip.version == 4 and ip6.flow_label == 5'], ['r1: never_matches both']],
    [['block bit_slice(ip, 0, 4) == 5'], ['r1: never_matches both']],
    [['block bit_slice(ip, 176, 192) == 81 and tcp.dstport == 80 and ip.hdr_len == 5'], ['r1: never_matches both']],
    [['block bit_slice(udp, 64, 72) == 0x61 and starts_with(udp.payload, "b")'], ['r1: never_matches both']],
    [['block starts_with(udp.payload, "abc") and len(udp.payload) < 3'], ['r1: never_matches both']],
    [['block ends_with(udp.payload, "abc") and udp.payload == "abd"'], ['r1: never_matches both']],
    [['block udp.payload contains "ab" and udp.payload == "ba"'], ['r1: never_matches both']],
    [['block udp.payload contains "abc" and not udp.payload contains "b"'], ['r1: never_matches both']],
    [['block udp.payload matches "^a" and udp.payload matches "^b"'], ['r1: never_matches both']],
    [['log tcp.dstport == 80 and tcp.dstport == 81'], ['r1: never_matches both']],
    [['disabled block tcp.dstport == 80 and tcp.dstport == 81'], ['r1: never_matches both']],
  ],
  'rules that match everything': [
    [['block true'], ['r1: always_matches both']],
    [['skip tcp.dstport == 80 or tcp.dstport != 80'], ['r1: always_matches both']],
    [['skip ip.ttl < 100 or ip.ttl > 50'], ['r1: always_matches both']],
    [['skip ip.version == 4 or ip.version == 6'], ['r1: always_matches both']],
    [['skip ip.src in {0.0.0.0/0 ::/0}'], ['r1: always_matches both']],
    [['skip ip.src in {0.0.0.0/0}'], []],
    [['skip tcp.dstport in {0..65535}'], []],
    [['skip packet.len >= 20'], ['r1: always_matches both']],
    [['skip udp.payload contains "a" or not udp.payload contains "a"'], ['r1: always_matches both']],
  ],
  'rules that come too late': [
    [['block tcp.dstport == 80', 'block tcp.dstport == 80'], ['r2: shadowed both by r1']],
    [['block tcp.dstport in {80 443}', 'skip tcp.dstport == 80'], ['r2: shadowed both by r1']],
    [['block ip.src in {10.0.0.0/8}', 'skip ip.src == 10.0.0.1 and tcp.dstport == 80'], ['r2: shadowed ip by r1']],
    [
      [
        'block ip.src in {10.0.0.0/9}',
        'block udp.dstport == 1',
        'block ip.src in {10.128.0.0/9}',
        'skip ip.src in {10.0.0.0/8}',
      ],
      ['r4: shadowed ip by r1 r3'],
    ],
    [['block ip.src in {0.0.0.0/0}', 'block tcp.dstport == 22'], ['r2: shadowed ip by r1']],
    [['block tcp.dstport < 100', 'block tcp.dstport > 50', 'block tcp.dstport == 75'], ['r3: shadowed both by r1']],
    [['block tcp.dstport >= 0', 'block ip.proto == "tcp"'], []],
    [['log tcp.dstport == 80', 'block tcp.dstport == 80'], []],
    [['disabled block tcp.dstport == 80', 'block tcp.dstport == 80'], []],
    [['block tcp.dstport == 80', 'log tcp.dstport == 80'], ['r2: shadowed both by r1']],
    [['block tcp.dstport == 80', 'disabled block tcp.dstport == 80'], ['r2: shadowed both by r1']],
    [
      ['block true', 'block tcp.dstport == 80', 'skip true'],
      ['r1: always_matches both', 'r2: shadowed both by r1', 'r3: always_matches both', 'r3: shadowed both by r1'],
    ],
    [['block udp.payload contains "ab"', 'block udp.payload contains "xaby"'], ['r2: shadowed both by r1']],
    [['block udp.payload contains "ab"', 'block starts_with(udp.payload, "xab")'], ['r2: shadowed both by r1']],
    [['block udp.payload contains "ab"', 'block udp.payload contains "a"'], []],
    [['block udp.payload contains "b"', 'block udp.payload == "abc"'], ['r2: shadowed both by r1']],
  ],
  'rules that something is left for': [
    [['block not (ip.frag_offset > 0)', 'block packet.len < 60'], []],
    [['block not (ip.frag_offset > 0)', 'block packet.len < 60 or starts_with(udp.payload, "ab")'], []],
  ],
  'rules in conflict': [
    [['block tcp.dstport == 80', 'skip ip.src == 10.0.0.1'], ['r2: conflict ip by r1']],
    [['block tcp.dstport == 80', 'skip tcp.srcport == 80'], ['r2: conflict both by r1']],
    [['block tcp.dstport == 80', 'block tcp.srcport == 80'], []],
    [['block tcp.dstport == 80', 'skip udp.dstport == 80'], []],
    [['block tcp.dstport == 80', 'log tcp.srcport == 80', 'disabled block udp.srcport == 1'], []],
    [
      ['skip tcp.dstport == 80', 'block tcp.dstport < 100', 'skip tcp.dstport < 200'],
      ['r2: conflict both by r1', 'r3: conflict both by r2'],
    ],
    // The one earlier rule that would be in conflict never gets the packets.
    [['skip tcp.dstport == 80', 'block tcp.dstport == 80', 'skip tcp.srcport == 1'], ['r2: shadowed both by r1']],
  ],
};

describe.each(Object.entries(TABLES))('%s', (_, rows) => {
  test.each(rows)('%j', (policy, findings) => {
    expect(findingsOf(analysisOf(policy))).toEqual(findings);
  });
});

test('nine groups of ports that exclude each other never match', () => {
  const groups = [1000, 1002, 1004, 1006, 1008, 1010, 1012, 1014, 1016];
  const expression = groups.map(port => `(tcp.dstport == ${port} || tcp.dstport == ${port + 1})`).join(' && ');
  expect(findingsOf(analysisOf([`block ${expression}`]))).toEqual(['r1: never_matches both']);
});

test('what takes more steps than there are is unknown, and says so', () => {
  const [rule] = analysisOf(['block tcp.dstport == 80 and udp.dstport == 80'], 1);
  expect(rule?.findings.map(({ kind, reason }) => [kind, reason])).toEqual([
    ['unknown', 'whether any packet matches (the budget of steps is used up)'],
  ]);
});

test('a rule says which packet reaches it, whole and with its checksum', () => {
  const [rule] = analysisOf(['block tcp.dstport == 80 and ip.src == 198.51.100.7']);
  // 40 bytes: no flags, TTL 64, TCP, 198.51.100.7 -> 192.0.2.1, ports 40000 -> 80, SYN.
  expect(rule?.witness).toBe('450000280001000040068e93c6336407c00002019c40005000000001000000005002ffff00000000');
});

test('a rule that asks for an interface says which one its packet comes in by', () => {
  const [block, skip] = analysisOf([
    'block in_iface == "wan0" and tcp.dstport == 22',
    'skip starts_with(in_iface, "wan") and tcp.dstport in {22 443}',
  ]);
  expect(block?.in_iface).toBe('wan0');
  expect(skip?.findings.map(({ kind, by, in_iface }) => [kind, by, in_iface])).toEqual([['conflict', ['r1'], 'wan0']]);
  expect(analysisOf(['block tcp.dstport == 22'])[0]?.in_iface).toBeNull();
});

test('of more than eight conflicts of a rule eight are listed, and it says that there are more', () => {
  const exceptions = (count: number) => Array.from({ length: count }, (_, n) => `skip tcp.dstport == ${n + 1}`);
  const last = (count: number) => analysisOf([...exceptions(count), 'block ip.version == 4']).at(-1);
  expect(last(8)).toMatchObject({ findings: { length: 8 }, more_conflicts: false });
  expect(last(9)).toMatchObject({ findings: { length: 8 }, more_conflicts: true });
});

const SHOWN: readonly string[] = [
  'ip.hdr_len == 15 and udp.dstport == 53',
  'ip.opt.type == 148',
  'tcp.mss == 536 and tcp.hdr_len == 8',
  'tcp.payload contains "GET /" and len(tcp.payload) == 5',
  'ends_with(udp.payload, "xyzzy") and starts_with(udp.payload, "INVITE")',
  'udp.payload matches "^[0-9]{3}-[0-9]{2}$"',
  'ip.version == 6 and ip.frag_offset == 185 and ip.proto == "udp"',
  'ip.version == 6 and ip.flags.mf and udp.dstport == 53',
  'ip.version == 6 and bit_slice(ip, 48, 56) == 60 and tcp.dstport == 80',
  'ip.version == 6 and not ip.proto.num >= 0',
  'ip.version == 6 and bit_slice(ip, 48, 56) == 0 and ip.frag_offset == 1',
  'ip.version == 6 and bit_slice(ip, 48, 56) == 60 and ip.frag_offset == 1 and packet.len < 53',
  'ip.version == 6 and bit_slice(ip, 48, 56) == 60 and ip.frag and ip.proto == "udp"',
  'ip.version == 6 and bit_slice(ip, 48, 56) == 60 and ip.frag and bit_slice(ip, 352, 360) == 17',
  'ip.version == 6 and ip.frag and ip.proto == "ah"',
  'ip.version == 6 and ip.frag_offset == 185 and ip.proto == "ah"',
  'ip.version == 6 and bit_slice(ip, 48, 56) == 51 and ip.frag',
  'icmpv6.type == 135',
  'esp.spi == 0x12345678',
  'len(udp.payload) == 1400 and udp.payload contains "needle"',
  'packet.len == 65535',
  'ip contains "evil" and ip.frag_offset > 0',
];

test.each(SHOWN)('a packet is shown that matches %s', expression => {
  const [rule] = rulesOf([`block ${expression}`]);
  const [analysis] = analysisOf([`block ${expression}`]);
  const packet = dissect(Buffer.from(analysis?.witness ?? '', 'hex'));
  expect(packet && rule && holds(rule.formula[packet.family], packet)).toBe(true);
});
