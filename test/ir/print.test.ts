// The formula's text, by expression: what `explain --ir` begins with. It is stable: other programs may read it.

import { printFormula } from '../../src/ir/print';
import type { PacketFamily } from '../../src/packet/packet';
import { compiledExpression } from '../packet/rules';
import { text } from './rewrite/formulas';

test.each<[string, PacketFamily, string]>([
  ['true', 'ip', 'true'],
  ['ip.src == 2001:db8::1', 'ip', 'false'],
  ['ip.src == 192.0.2.1', 'ip', 'network[12+4] in {192.0.2.1}'],
  ['ip.dst in {10.0.0.0/8 192.0.2.1..192.0.2.9}', 'ip', 'network[16+4] in {10.0.0.0/8 192.0.2.1..192.0.2.9}'],
  ['ip.dst in {2001:db8::/32}', 'ip6', 'network[24+16] in {2001:db8::/32}'],
  ['ip.src in $resolvers', 'ip', 'network[12+4] in {8.8.8.8 192.168.1.1} from $resolvers'],
  ['ip.ttl < 5', 'ip6', 'network[7+1] in {0..4}'],
  ['ip.len >= 1500', 'ip6', 'network[4+2] in {1460..65535}'],
  ['ip.proto in {"tcp" "udp"}', 'ip', 'l4proto in {6 17}'],
  ['tcp.dstport in {80 8000..8080}', 'ip', text('and', '  l4proto in {6}', '  transport[2+2] in {80 8000..8080}')],
  ['tcp.dstport ne 80', 'ip', text('not', '  and', '    l4proto in {6}', '    transport[2+2] in {80}')],
  ['tcp.flags.syn', 'ip', text('and', '  l4proto in {6}', '  transport[13+1] & 0x2 in {2}')],
  ['bit_slice(udp, 64, 96) == 0xdeadbeef', 'ip', text('and', '  l4proto in {17}', '  transport[8+4] in {0xdeadbeef}')],
  ['ends_with(udp.payload, "xyzzy")', 'ip', 'udp_payload[-5+5] in {0x78797a7a79}'],
  ['len(tcp.payload) == 3', 'ip', 'length(tcp_payload) in {3}'],
  ['udp.payload contains "ab"', 'ip', 'udp_payload contains 0x6162'],
  ['udp.payload matches "a+"', 'ip', 'udp_payload matches "a+"'],
  [
    'ip.ttl == 1 xor ip.ttl == 2 xor not ip.ttl == 3',
    'ip',
    text('xor', '  network[8+1] in {1}', '  network[8+1] in {2}', '  not', '    network[8+1] in {3}'),
  ],
])('%s in %s', (expression, family, expected) => {
  expect(printFormula(compiledExpression(expression).plain[family])).toBe(expected);
});
