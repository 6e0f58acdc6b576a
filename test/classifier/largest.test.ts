// What a classifier may have at most goes into the kernel, and judges as the evaluator does: the largest formulas as opaque
// tests, many dimensions, wide ones, many entries, many tests, many logging rules.

import { buildClassifier } from '../../src/classifier/build';
import { interpret } from '../../src/classifier/interpret';
import { evaluate } from '../../src/ir/evaluate';
import type { Rule } from '../../src/ir/ruleset';
import { dissect, type Packet, type PacketFamily } from '../../src/packet/packet';
import { LARGEST, PACKETS } from '../kernel/largest-formulas';
import { LOOPBACK } from '../packet/interfaces';
import { compiledExpression } from '../packet/rules';
import { loadClassifier, run } from './loaded-classifier';

type Written = readonly [action: Rule['action'], expression: string];

const FIELDS = [
  ...['ip.ttl', 'ip.len', 'ip.dscp', 'tcp.srcport', 'tcp.dstport', 'udp.srcport', 'tcp.seq', 'ip.id', 'tcp.hdr_len'],
  ...['udp.len', 'tcp.window', 'ip.proto.num', 'len(tcp.payload)', 'len(udp.payload)', 'icmp.type', 'icmp.code'],
];

const POLICIES: readonly (readonly [string, readonly Written[]])[] = [
  ...LARGEST.map(([name, expression]): readonly [string, readonly Written[]] => [
    name,
    [
      ['log', 'ip.ttl > 4'],
      ['log', expression],
      ['skip', 'tcp.dstport == 443'],
      ['block', expression],
    ],
  ]),
  ['more fields than dimensions', FIELDS.map((field, i) => [i % 2 === 0 ? 'block' : 'log', `${field} == ${i}`])],
  [
    'addresses of both families',
    repeat(600, i => [
      'block',
      `ip.src in {10.${i % 200}.${i >> 3}.0/24 2001:db8:${i}::/48} and ip.dst != 10.0.0.${i % 255}`,
    ]),
  ],
  ['entries of several summary words', repeat(20_000, i => ['block', `udp.dstport == ${i + 3}`])],
  ['as many tests as are allowed', repeat(250, i => [i % 2 === 0 ? 'block' : 'log', `udp.payload contains "x${i}y"`])],
  ['as many logging rules', repeat(1000, i => ['log', `ip.ttl > ${i % 256} and udp.dstport > ${i}`])],
];

test.each(POLICIES)('%s', async (_, written) => {
  const compiled = new Map(written.map(([, text]) => [text, compiledExpression(text).formula]));
  const rules = written.map(([action, text], position): Rule => {
    const formula = compiled.get(text) as Rule['formula'];
    return { index: position + 1, ref: String(position + 1), action, enabled: true, formula };
  });
  for (const family of ['ip', 'ip6'] as const) await judge(rules, family);
});

async function judge(rules: readonly Rule[], family: PacketFamily): Promise<void> {
  const classifier = buildClassifier(rules, family);
  if ('refused' in classifier) throw new Error(classifier.refused);
  const loaded = await loadClassifier(classifier);
  try {
    const packets = PACKETS.map(bytes => dissect(bytes, LOOPBACK) as Packet).filter(each => each.family === family);
    for (const packet of packets) {
      const { verdict, rule, matched } = evaluate({ account: '', rules }, packet.bytes, LOOPBACK);
      const logged = matched.filter(each => each !== rule).map(each => each.index - 1);
      const numbers = logged.map(position => classifier.tables.loggingRules.indexOf(position));
      expect(interpret(classifier, packet)).toEqual({ verdict, rule: rule && rule.index - 1, logged });
      expect(run(loaded, packet.bytes)).toEqual({ dropped: verdict === 'drop', logged: numbers });
    }
  } finally {
    loaded.close();
  }
}

function repeat(times: number, rule: (i: number) => Written): Written[] {
  return Array.from({ length: times }, (_, i) => rule(i));
}
