// Random rules over a few fields, so that rules of one policy overlap and a changed rule asks about the same fields: what
// packet filters are mostly made of.

import fc from 'fast-check';
import { compileExpression } from '../../src/compile';
import type { Rule } from '../../src/ir/ruleset';

const NETWORKS4 = ['10.0.0.0/8', '10.0.0.1', '192.168.0.0/16', '192.168.1.1', '8.8.8.8', '0.0.0.0/0', '224.0.0.0/4'];
const NETWORKS6 = ['2001:db8::/32', '2001:db8::1', 'fe80::/10', 'ff00::/8', '::/0', '::', '2001:4860::/32'];
const port = fc.constantFrom(0, 1, 22, 53, 80, 123, 443, 1023, 1024, 5060, 40000, 65535);

const addresses = fc
  .tuple(fc.constantFrom('ip.src', 'ip.dst'), fc.constantFrom(...NETWORKS4, ...NETWORKS6))
  .map(([field, network]) => `${field} in {${network}}`);
const ports = fc
  .tuple(fc.constantFrom('tcp.srcport', 'tcp.dstport', 'udp.dstport'), port, port)
  .map(([field, a, b]) => `${field} in {${Math.min(a, b)}..${Math.max(a, b)}}`);
const other = fc.constantFrom(
  'ip.proto == "icmp"',
  'ip.proto == "udp"',
  'ip.proto == "tcp"',
  'tcp.flags.syn',
  'tcp.flags.ack',
  'ip.ttl < 5',
  'ip.frag',
  'ip.len > 60',
  'udp.payload contains "a"',
);
const condition = fc
  .tuple(fc.constantFrom('', '', '', 'not '), fc.oneof(addresses, ports, other))
  .map(([not, text]) => `${not}${text}`);

export const expression = fc
  .tuple(fc.array(condition, { minLength: 1, maxLength: 3 }), fc.constantFrom(' and ', ' and ', ' or ', ' xor '))
  .map(([conditions, junction]) => conditions.join(junction));

export const rule: fc.Arbitrary<Rule> = fc
  .record({
    text: expression,
    action: fc.constantFrom('block' as const, 'block' as const, 'skip' as const, 'skip' as const, 'log' as const),
    enabled: fc.nat(9).map(number => number > 0),
  })
  .map(({ text, action, enabled }) => {
    const compiled = compileExpression(text, undefined);
    if (!compiled.ok) throw new Error(`${text} is refused: ${JSON.stringify(compiled.diagnostics)}`);
    const ref = `${text} ${action}${enabled ? '' : ' disabled'}`;
    return { index: 0, ref, action, enabled, formula: compiled.value.formula };
  });
