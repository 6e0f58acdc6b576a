// Random policies: everything that the analysis says of them is held against every packet of the tests, and every packet
// that it shows against the evaluator.

import fc from 'fast-check';
import { analyze } from '../../src/analysis/analyze';
import type { Witness } from '../../src/analysis/witness';
import { ipPacketOf } from '../../src/pcap/link-layer';
import { CASES } from '../packet/expressions';
import { FRAMES, WRITTEN_FRAMES } from '../packet/frames';
import { contradictions } from './contradiction';
import { findingsOf, rulesOf } from './policy';
import { isReceived } from './received';

const INTERFACES = [undefined, ...['lo', 'eth0', 'veth1'].map(name => Buffer.from(name))];

/** The written packets, and of the captured ones enough to be of every kind; each by another interface. */
const RECEIVED: readonly Witness[] = FRAMES.flatMap((frame, place) => {
  if (place % 10 !== 0 && !WRITTEN_FRAMES.includes(frame)) return [];
  const link = ipPacketOf(frame);
  const inIface = INTERFACES[Math.floor(place / 10) % INTERFACES.length];
  return 'packet' in link && isReceived(link.packet) ? [{ frame: link.packet, inIface }] : [];
});

/** Conditions on header fields, which meet each other often. */
const HEADER_CONDITIONS = [
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
const PAYLOAD_CONDITIONS = [
  'udp.payload contains "ab"',
  'udp.payload contains "abc"',
  'udp.payload matches "^a.*c$"',
  'ends_with(udp.payload, "bc")',
  'ends_with(udp.payload, "abc")',
  'tcp.payload contains "GET"',
  'ip contains "abc"',
  'udp wildcard "*abc*"',
];

function policies(conditions: readonly string[]): fc.Arbitrary<string[]> {
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

/** A hundredth of the cases of other properties: each is a policy, analysed and held against some 250 packets. */
const RUNS = { numRuns: Math.ceil((fc.readConfigureGlobal()?.numRuns ?? 3000) / 100) };

test('no packet contradicts what is said of a policy, and every packet shown is judged as said', () => {
  fc.assert(
    fc.property(policies([...HEADER_CONDITIONS, ...PAYLOAD_CONDITIONS, ...PAYLOAD_CONDITIONS]), lines => {
      const rules = rulesOf(lines);
      expect(contradictions(rules, analyze(rules), RECEIVED)).toEqual([]);
    }),
    RUNS,
  );
});

test('of conditions on headers nothing stays unknown', () => {
  fc.assert(
    fc.property(policies(HEADER_CONDITIONS), lines => {
      const rules = rulesOf(lines);
      const analyses = analyze(rules);
      expect(findingsOf(analyses).filter(finding => finding.includes('unknown'))).toEqual([]);
      expect(contradictions(rules, analyses, RECEIVED)).toEqual([]);
    }),
    RUNS,
  );
});

test.each([100, 10_000])('with a budget of %i steps what is said is still true', budget => {
  fc.assert(
    fc.property(policies([...HEADER_CONDITIONS, ...PAYLOAD_CONDITIONS]), lines => {
      const rules = rulesOf(lines);
      expect(contradictions(rules, analyze(rules, budget), RECEIVED)).toEqual([]);
    }),
    RUNS,
  );
});

/** Of a pattern on an interface's name nothing is known but that there is one. */
const KNOWN = CASES.filter(({ expression }) => !/in_iface (wildcard|matches)/.test(expression));

test.each(KNOWN.map(({ expression }) => expression))('%s alone is neither unknown nor wrong', expression => {
  const rules = rulesOf([`block ${expression}`]);
  const analyses = analyze(rules);
  expect(findingsOf(analyses).filter(finding => finding.includes('unknown'))).toEqual([]);
  expect(contradictions(rules, analyses, RECEIVED)).toEqual([]);
});
