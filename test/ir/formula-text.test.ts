// The text that versions are made from: another for every formula that asks for something else.

import { formulaText } from '../../src/ir/formula-text';
import { compiledExpression } from '../packet/rules';

test.each([
  ['tcp.dstport == 22', 'and(l4proto 6;transport start 2 2 16;)'],
  ['false', '0'],
  ['true', '1'],
])('%s is %s', (expression, text) => {
  expect(formulaText(compiledExpression(expression).formula.ip)).toBe(text);
});

test('no two of these are the same', () => {
  const expressions = [
    'ip.src == 10.0.0.1',
    'ip.src == 10.0.0.2',
    'ip.dst == 10.0.0.1',
    'ip.src in {10.0.0.1 10.0.0.2}',
    'ip.src in {10.0.0.1 10.0.0.3}',
    'ip.src in {10.0.0.0/24}',
    'not ip.src in {10.0.0.0/24}',
    'ip.len == 40',
    'ip.ttl == 40',
    'udp.payload contains "a"',
    'udp.payload contains "b"',
    'tcp.payload contains "a"',
    'udp.payload contains "a" or ip.ttl == 1',
    'udp.payload contains "a" and ip.ttl == 1',
    'udp.payload contains "a" xor ip.ttl == 1',
    'tcp.flags.syn',
    'tcp.flags.ack',
    'starts_with(udp.payload, "ab")',
    'ends_with(udp.payload, "ab")',
  ];
  const texts = expressions.map(expression => formulaText(compiledExpression(expression).formula.ip));
  expect(new Set(texts).size).toBe(expressions.length);
});
