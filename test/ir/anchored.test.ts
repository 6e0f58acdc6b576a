// What wildcards and regular expressions become that say how a payload begins and ends: tests of its bytes, which nftables
// and classifiers know, and no automaton.

import { printFormula } from '../../src/ir/print';
import { compiledExpression } from '../packet/rules';
import { text } from './rewrite/formulas';

test.each<[string, string]>([
  ['udp.payload matches "^GET /"', text('and', '  l4proto in {17}', '  transport[8+5] in {0x474554202f}')],
  ['udp.payload wildcard "*tok1"', 'udp_payload[-4+4] & 0xdfdfdfff in {0x544f4b31}'],
  ['udp.payload strict wildcard "*tok1"', 'udp_payload[-4+4] in {0x746f6b31}'],
  ['tcp.payload matches "^ab$"', text('and', '  tcp_payload[0+2] in {24930}', '  length(tcp_payload) in {2}')],
  [
    'tcp.payload strict wildcard "ab*xyz"',
    text(
      'and',
      '  tcp_payload[0+2] in {24930}',
      '  tcp_payload[-3+3] in {0x78797a}',
      '  length(tcp_payload) in {5..4294967295}',
    ),
  ],
  ['tcp.payload matches "^"', 'tcp_payload[0+0] in {0}'],
  ['tcp.payload matches "^$"', 'length(tcp_payload) in {0}'],
  [
    'tcp.payload matches "(?:ab|xyz)$"',
    text('or', '  tcp_payload[-2+2] in {24930}', '  tcp_payload[-3+3] in {0x78797a}'),
  ],
  [
    'tcp.payload strict wildcard "*abcdefghijklmnopqr"',
    text('and', '  tcp_payload[-18+16] in {0x6162636465666768696a6b6c6d6e6f70}', '  tcp_payload[-2+2] in {29042}'),
  ],
])('%s', (expression, expected) => {
  expect(printFormula(compiledExpression(expression).plain.ip)).toBe(expected);
});
