// Dimensions that are counted from the end of a payload, which all come out of one load: payloads that are shorter than
// what is asked for, as long, and longer, in the kernel and against the evaluator.

import { classifierProgram } from '../../src/backend/ebpf/classifier-text';
import { buildClassifier } from '../../src/classifier/build';
import type { Classifier } from '../../src/classifier/classifier';
import { evaluate } from '../../src/ir/evaluate';
import type { Rule } from '../../src/ir/ruleset';
import { ipPacket, tcp, udp } from '../../src/packet/build';
import type { PacketFamily } from '../../src/packet/packet';
import { compiledExpression } from '../packet/rules';
import { counts, loadClassifier, run } from './loaded-classifier';

const HEADERS = {
  ip: { source: '10.0.0.1', destination: '10.0.0.2' },
  ip6: { source: '2001:db8::1', destination: '2001:db8::2' },
} as const;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

function rulesOf(expressions: readonly string[]): Rule[] {
  return expressions.map((expression, position) => ({
    index: position + 1,
    ref: expression,
    action: 'block',
    enabled: true,
    formula: compiledExpression(expression).formula,
  }));
}

function classifierOf(rules: readonly Rule[], family: PacketFamily): Classifier {
  const built = buildClassifier(rules, family);
  if ('refused' in built) throw new Error(built.refused);
  return built;
}

test('ten tokens of one length are one dimension, and one load', () => {
  const tokens = Array.from({ length: 10 }, (_, i) => `ends_with(udp.payload, "KEY-${i}")`);
  const { shape } = classifierOf(rulesOf(tokens), 'ip');
  expect(shape.dimensions.map(({ load }) => load)).toEqual([
    { kind: 'bytes', segment: 'udp_payload', from: 'end', offset: 5, length: 5 },
  ]);
  expect(shape.tests).toEqual([]);
});

test('tokens of all lengths are read by one load of each payload', () => {
  const ends = [1, 7, 16].flatMap(length =>
    ['udp', 'tcp'].map(protocol => `ends_with(${protocol}.payload, "${LETTERS.slice(-length)}")`),
  );
  const { text } = classifierProgram(classifierOf(rulesOf(ends), 'ip6').shape);
  expect(text.match(/= load_last\(.*/g)?.sort()).toEqual([
    '= load_last(skb, packet, tcp_payload(skb, packet), 16);',
    '= load_last(skb, packet, udp_payload(skb, packet), 16);',
  ]);
  expect(text.match(/number_of_last\(.*\)/g)).toHaveLength(6);
  expect(text).not.toContain('load_from_end(');
});

describe.each<PacketFamily>(['ip', 'ip6'])('in %s', family => {
  test.each<[string, readonly string[]]>([
    ['a token of one word', ['ends_with(udp.payload, "wxyz")']],
    ['tokens of two words', ['ends_with(udp.payload, "stuvwxyz")', 'ends_with(udp.payload, "vwxyz")']],
    ['a token of three words', ['ends_with(udp.payload, "rstuvwxyz")']],
    [
      'tokens of many lengths',
      [16, 10, 9, 8, 7, 1].map(length => `ends_with(udp.payload, "${LETTERS.slice(-length)}")`),
    ],
    ['tokens of TCP', [12, 3].map(length => `ends_with(tcp.payload, "${LETTERS.slice(-length)}")`)],
    ['a token longer than one load', [`ends_with(udp.payload, "${LETTERS.slice(-20)}")`]],
    ['letters of either case', ['udp.payload wildcard "*WxYz"', 'tcp.payload wildcard "*yZ"']],
    ['what is in no token', ['not ends_with(udp.payload, "xyz") and not ends_with(udp.payload, "z")']],
  ])('%s', async (_, expressions) => {
    const rules = rulesOf(expressions);
    const loaded = await loadClassifier(classifierOf(rules, family));
    const payloads = Array.from({ length: 27 }, (_, length) => LETTERS.slice(-length || LETTERS.length)).flatMap(
      text => [text, text.toUpperCase(), `${text}a`, `\0${text}`, `${text.slice(0, -1)}#`],
    );
    const packets = ['', ...payloads].flatMap(text => [
      ipPacket(HEADERS[family], udp(1, 2, text)),
      ipPacket(HEADERS[family], tcp(1, 2, 0x10, text)),
    ]);
    const expected = packets.map(packet => evaluate({ account: '', rules }, packet));
    expect(packets.map(packet => run(loaded, packet).dropped)).toEqual(
      expected.map(({ verdict }) => verdict === 'drop'),
    );
    const matched = rules.map(rule => expected.filter(judged => judged.rule === rule).length);
    expect((await counts(loaded)).slice(0, rules.length).map(({ packets }) => packets)).toEqual(matched);
    expect(Math.min(...matched)).toBeGreaterThan(0);
    loaded.close();
  });
});

test.each<[string, Uint8Array, boolean]>([
  ['a packet', ipPacket(HEADERS.ip, udp(1, 2, 'a token')), true],
  ['a first fragment', ipPacket({ ...HEADERS.ip, fragmentOffset: 0x2000 }, udp(1, 2, 'a token')), true],
  ['a later fragment', ipPacket({ ...HEADERS.ip, fragmentOffset: 1 }, udp(1, 2, 'a token')), false],
  ['a late fragment', ipPacket({ ...HEADERS.ip, fragmentOffset: 0x1f00 }, udp(1, 2, 'a token')), false],
  ['not to be fragmented', ipPacket({ ...HEADERS.ip, fragmentOffset: 0x4000 }, udp(1, 2, 'a token')), true],
  ['behind options', ipPacket({ ...HEADERS.ip, options: new Uint8Array(40).fill(1) }, udp(1, 2, 'token')), true],
  ['options for a payload', ipPacket({ ...HEADERS.ip, options: Buffer.from('\x01\x01\x01token') }, udp(1, 2)), false],
  ['another protocol', ipPacket(HEADERS.ip, tcp(1, 2, 0x10, 'a token')), false],
])('where no dimension reads the header: %s', async (_, packet, dropped) => {
  const loaded = await loadClassifier(classifierOf(rulesOf(['ends_with(udp.payload, "token")']), 'ip'));
  expect(run(loaded, packet).dropped).toBe(dropped);
  loaded.close();
});

test('what stands before a payload is no part of it', async () => {
  const packet = ipPacket(HEADERS.ip, udp(1, 2, 'yz'));
  const token = packet.subarray(-6);
  const written = Array.from(token, byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  const loaded = await loadClassifier(classifierOf(rulesOf([`ends_with(udp.payload, "${written}")`]), 'ip'));
  expect(run(loaded, packet).dropped).toBe(false);
  expect(run(loaded, ipPacket(HEADERS.ip, udp(1, 2, token))).dropped).toBe(true);
  loaded.close();
});
