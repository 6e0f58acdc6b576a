// The rewrite by its table: formula before, formula after, both written out.

import { type Formula, not } from '../../../src/ir/formula';
import { printFormula } from '../../../src/ir/print';
import { settlePresent } from '../../../src/ir/rewrite/settle-present';
import { bytes, DPORT, FRAGMENT, LENGTH, PROTO, TTL, text } from './formulas';

describe('settlePresent', () => {
  test.each<[string, 'ip' | 'ip6', Formula, string]>([
    ['complements a negated test on the fixed header', 'ip', not(TTL(64)), 'network[8+1] in {0..63 65..255}'],
    ['is true for every value of a byte that is always there', 'ip', TTL([0, 255]), 'true'],
    ['keeps asking for a byte of the options', 'ip', bytes('network', 20, 1, [0, 255]), 'network[20+1] in {0..255}'],
    ['knows that IPv6 has 40 fixed bytes', 'ip6', bytes('network', 39, 1, [0, 255]), 'true'],
    ['knows that IPv4 has 20', 'ip', bytes('network', 19, 2, [0, 65535]), 'network[19+2] in {0..65535}'],
    ['keeps a negated transport test', 'ip', not(DPORT(80)), text('not', '  transport[2+2] in {80}')],
    ['knows that every packet has a length', 'ip6', not(LENGTH([0, 99])), 'length(network) in {100..4294967295}'],
    [
      'does not know that it has a fragment header',
      'ip6',
      not(FRAGMENT(0)),
      text('not', '  fragment_header[2+2] in {0}'),
    ],
    ['complements the protocol of IPv4', 'ip', not(PROTO(6)), 'l4proto in {0..5 7..255}'],
    ['keeps the negated protocol of IPv6, which can be absent', 'ip6', not(PROTO(6)), text('not', '  l4proto in {6}')],
  ])('%s', (_, family, before, after) => {
    expect(printFormula(settlePresent(before, family))).toBe(after);
  });
});
