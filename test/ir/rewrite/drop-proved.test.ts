// The rewrite by its table: formula before, formula after, both written out.

import { and, type Formula, not } from '../../../src/ir/formula';
import { printFormula } from '../../../src/ir/print';
import { dropProved } from '../../../src/ir/rewrite/drop-proved';
import { DPORT, PROTO, SPORT, text } from './formulas';

describe('dropProved', () => {
  test.each<[string, Formula, string]>([
    [
      'does not ask again inside a negation',
      and([PROTO(6), DPORT(80), not(and([PROTO(6), SPORT(80)]))]),
      text('and', '  l4proto in {6}', '  transport[2+2] in {80}', '  not', '    transport[0+2] in {80}'),
    ],
    [
      'is a contradiction when all of the negation is proved',
      and([PROTO(6), DPORT(80), not(and([PROTO(6), DPORT([1, 100])]))]),
      'false',
    ],
    [
      'keeps what the conjunction does not prove',
      and([PROTO(6, 17), not(and([PROTO(6), SPORT(80)]))]),
      text('and', '  l4proto in {6 17}', '  not', '    and', '      l4proto in {6}', '      transport[0+2] in {80}'),
    ],
  ])('%s', (_, before, after) => {
    expect(printFormula(dropProved(before))).toBe(after);
  });
});
