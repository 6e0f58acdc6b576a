// Random policies whose rules meet each other often, and the packets that they are held against.

import fc from 'fast-check';
import type { Witness } from '../../src/analysis/witness';
import { ipPacketOf } from '../../src/pcap/link-layer';
import { FRAMES, WRITTEN_FRAMES } from '../packet/frames';
import { isReceived } from './received';

const INTERFACES = [undefined, ...['lo', 'eth0', 'veth1'].map(name => Buffer.from(name))];

/** The written packets, and of the captured ones enough to be of every kind; each by another interface. */
export const RECEIVED: readonly Witness[] = FRAMES.flatMap((frame, place) => {
  if (place % 10 !== 0 && !WRITTEN_FRAMES.includes(frame)) return [];
  const link = ipPacketOf(frame);
  const inIface = INTERFACES[Math.floor(place / 10) % INTERFACES.length];
  return 'packet' in link && isReceived(link.packet) ? [{ frame: link.packet, inIface }] : [];
});

/** Conditions on header fields, which meet each other often. */
export const HEADER_CONDITIONS = [
  'true',
  'ip.src == 10.0.0.1',
  'ip.src in {10.0.0.0/8}',
  'ip.src in {10.0.0.0/9 2001:db8::/32}',
  'ip.src in $private',
  'not ip.dst in {10.0.0.0..10.255.255.255}',
  'ip.src < 128.0.0.0',
  'ip.proto == "tcp"',
  'ip.proto == "udp"',
  'ip.proto in {"udp" "icmp" "ah"}',
  'tcp.dstport == 80',
  'tcp.dstport in {80 443}',
  'tcp.dstport != 80',
  'tcp.dstport in {1..1024}',
  'tcp.srcport > 1024',
  'udp.dstport == 53',
  'udp.srcport == 53',
  'udp.dstport < 1024',
  'tcp.flags.syn',
  'tcp.flags.ack',
  'tcp.flags == 0x12',
  'tcp.flags & 0x12',
  'icmp.type == 8',
  'ip.ttl < 64',
  'ip.ttl >= 32',
  'ip.len > 100',
  'ip.len in {40..60}',
  'ip.len & 1',
  'ip.hdr_len == 5',
  'ip.hdr_len > 6',
  'ip.frag',
  'ip.frag_offset > 0',
  'ip.flags.mf',
  'ip.flags.df',
  'ip.dscp == 0',
  'ip.version == 6',
  'packet.len < 60',
  'len(udp.payload) > 10',
  'len(tcp.payload) == 0',
  'tcp.hdr_len > 5',
  'tcp.mss < 1000',
  'udp.len == 20',
  'bit_slice(ip, 160, 176) == 80',
  'bit_slice(udp, 64, 72) == 0x61',
  'starts_with(udp.payload, "ab")',
  'udp.payload == "abc"',
  'in_iface == "eth0"',
  'in_iface in {"eth0" "veth1"}',
  'starts_with(in_iface, "veth")',
  'in_iface != "lo"',
  'in_iface < "f"',
];
export const PAYLOAD_CONDITIONS = [
  'udp.payload contains "ab"',
  'udp.payload contains "abc"',
  'udp.payload matches "^a.*c$"',
  'ends_with(udp.payload, "bc")',
  'ends_with(udp.payload, "abc")',
  'tcp.payload contains "GET"',
  'ip contains "abc"',
  'udp wildcard "*abc*"',
];

export function policies(conditions: readonly string[]): fc.Arbitrary<string[]> {
  const condition = fc.constantFrom(...conditions);
  const expression = fc.oneof(
    condition,
    fc.tuple(condition, fc.constantFrom('and', 'or', 'xor'), condition).map(parts => parts.join(' ')),
    condition.map(text => `not (${text})`),
    fc.tuple(condition, condition).map(([a, b]) => `(${a}) and not (${b})`),
  );
  const action = fc.constantFrom('block', 'block', 'skip', 'skip', 'log', 'disabled block');
  const rule = fc.tuple(action, expression).map(parts => parts.join(' '));
  return fc.array(rule, { minLength: 1, maxLength: 6 });
}
