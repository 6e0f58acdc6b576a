// The rewrite by its table: formula before, formula after, both written out.

import { and, type Formula, not, or } from '../../../src/ir/formula';
import { printFormula } from '../../../src/ir/print';
import { complementGuarded } from '../../../src/ir/rewrite/complement-guarded';
import { DPORT, FRAGMENT, PROTO, SPORT, text } from './formulas';

describe('complementGuarded', () => {
  test.each<[string, Formula, string]>([
    [
      'uses a later byte of the same segment as proof',
      and([DPORT(80), not(SPORT(53))]),
      text('and', '  transport[2+2] in {80}', '  transport[0+2] in {0..52 54..65535}'),
    ],
    [
      'does not take an earlier byte as proof',
      and([SPORT(53), not(DPORT(80))]),
      text('and', '  transport[0+2] in {53}', '  not', '    transport[2+2] in {80}'),
    ],
    [
      'does not take the protocol as proof of its header',
      and([PROTO(6), not(DPORT(80))]),
      text('and', '  l4proto in {6}', '  not', '    transport[2+2] in {80}'),
    ],
    [
      'takes a transport byte as proof of a protocol',
      and([DPORT(80), not(PROTO(17))]),
      text('and', '  transport[2+2] in {80}', '  l4proto in {0..16 18..255}'),
    ],
    [
      'does not take a fragment header as proof of a protocol',
      and([FRAGMENT(0), not(PROTO(17))]),
      text('and', '  fragment_header[2+2] in {0}', '  not', '    l4proto in {17}'),
    ],
    [
      'does not take an alternative as proof',
      or([DPORT(80), not(SPORT(53))]),
      text('or', '  transport[2+2] in {80}', '  not', '    transport[0+2] in {53}'),
    ],
    ['is a contradiction where every present value was refused', and([DPORT(80), not(SPORT([0, 65535]))]), 'false'],
  ])('%s', (_, before, after) => {
    expect(printFormula(complementGuarded(before))).toBe(after);
  });
});
