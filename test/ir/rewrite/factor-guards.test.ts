// The rewrite by its table: formula before, formula after, both written out.

import { and, type Formula, or } from '../../../src/ir/formula';
import { printFormula } from '../../../src/ir/print';
import { factorGuards } from '../../../src/ir/rewrite/factor-guards';
import { DPORT, PROTO, SPORT, text } from './formulas';

describe('factorGuards', () => {
  test.each<[string, Formula, string]>([
    [
      'shares the protocol of two alternatives',
      or([and([PROTO(6), DPORT(80)]), and([PROTO(6), SPORT(80)])]),
      text('and', '  l4proto in {6}', '  or', '    transport[2+2] in {80}', '    transport[0+2] in {80}'),
    ],
    [
      'keeps different protocols apart',
      or([and([PROTO(6), DPORT(80)]), and([PROTO(17), DPORT(80)])]),
      text(
        'or',
        '  and',
        '    l4proto in {6}',
        '    transport[2+2] in {80}',
        '  and',
        '    l4proto in {17}',
        '    transport[2+2] in {80}',
      ),
    ],
    ['absorbs what the bare protocol already says', or([PROTO(6), and([PROTO(6), DPORT(80)])]), 'l4proto in {6}'],
  ])('%s', (_, before, after) => {
    expect(printFormula(factorGuards(before))).toBe(after);
  });
});
