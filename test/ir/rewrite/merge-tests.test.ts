// The rewrite by its table: formula before, formula after, both written out.

import { and, type Formula, not, or } from '../../../src/ir/formula';
import { printFormula } from '../../../src/ir/print';
import { mergeTests } from '../../../src/ir/rewrite/merge-tests';
import { bytes, DPORT, LISTED, SPORT, text } from './formulas';

describe('mergeTests', () => {
  test.each<[string, Formula, string]>([
    ['unites alternatives of one load', or([DPORT(80), DPORT(443)]), 'transport[2+2] in {80 443}'],
    ['intersects conditions on one load', and([DPORT([1, 100]), DPORT([50, 200])]), 'transport[2+2] in {50..100}'],
    ['finds a contradiction', and([DPORT(80), DPORT(443)]), 'false'],
    [
      'leaves different loads alone',
      and([DPORT(80), SPORT(80)]),
      text('and', '  transport[2+2] in {80}', '  transport[0+2] in {80}'),
    ],
    [
      'does not mix a masked load with the plain one',
      or([bytes('transport', 13, 1, 2), { ...bytes('transport', 13, 1, 2), mask: 2n }]),
      text('or', '  transport[13+1] in {2}', '  transport[13+1] & 0x2 in {2}'),
    ],
    [
      'leaves a list its name',
      or([LISTED, bytes('network', 12, 4, 2)]),
      text('or', '  network[12+4] in {0.0.0.1} from $office', '  network[12+4] in {0.0.0.2}'),
    ],
    [
      'does not merge across not',
      or([DPORT(80), not(DPORT(443))]),
      text('or', '  transport[2+2] in {80}', '  not', '    transport[2+2] in {443}'),
    ],
  ])('%s', (_, before, after) => {
    expect(printFormula(mergeTests(before))).toBe(after);
  });
});
