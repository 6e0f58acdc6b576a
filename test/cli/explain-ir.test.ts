// explain --ir: each rewrite that changed the formula, by name, with what it left.

import { formulaSteps, printFormulaSteps } from '../../src/cli/explain-ir';
import { compiledExpression } from '../packet/rules';

test('shows the formula as lowered and after each rewrite that changed it', () => {
  const steps = formulaSteps(compiledExpression('not ip.ttl == 9 and (tcp.dstport == 80 or tcp.dstport == 443)'));
  expect(printFormulaSteps({ ip: steps.ip, ip6: [] })).toBe(
    [
      'ip: lowered',
      'and',
      '  not',
      '    network[8+1] in {9}',
      '  or',
      '    and',
      '      l4proto in {6}',
      '      transport[2+2] in {80}',
      '    and',
      '      l4proto in {6}',
      '      transport[2+2] in {443}',
      '',
      'ip: settle-present',
      'and',
      '  network[8+1] in {0..8 10..255}',
      '  or',
      '    and',
      '      l4proto in {6}',
      '      transport[2+2] in {80}',
      '    and',
      '      l4proto in {6}',
      '      transport[2+2] in {443}',
      '',
      'ip: factor-guards',
      'and',
      '  network[8+1] in {0..8 10..255}',
      '  l4proto in {6}',
      '  or',
      '    transport[2+2] in {80}',
      '    transport[2+2] in {443}',
      '',
      'ip: merge-tests',
      'and',
      '  network[8+1] in {0..8 10..255}',
      '  l4proto in {6}',
      '  transport[2+2] in {80 443}',
    ].join('\n'),
  );
});

test('a formula that no rewrite changes is shown once', () => {
  expect(formulaSteps(compiledExpression('ip.src == 192.0.2.1'))).toEqual({
    ip: [{ step: 'lowered', formula: 'network[12+4] in {192.0.2.1}' }],
    ip6: [{ step: 'lowered', formula: 'false' }],
  });
});
