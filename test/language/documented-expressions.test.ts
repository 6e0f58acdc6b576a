// The 47 documented expressions: which are accepted, which are refused and with what cure, which a host can only judge by
// with data of its own.

import { compile, compileExpression } from '../../src/compile';
import { printDiagnostic } from '../../src/diagnostic/print';
import type { AddressRange } from '../../src/ir/address';
import { DOCUMENTED } from './documented-expressions';

const RANGE: AddressRange = { family: 4, from: 0xc6336400n, to: 0xc63364ffn };
const LISTS = new Map(
  ['iplist', 'endpoints', 'internal_routers', 'web_servers', 'office_network'].map(name => [name, [RANGE]]),
);

test('there are 47', () => {
  expect(DOCUMENTED).toHaveLength(47);
});

describe('documented expression', () => {
  test.each(DOCUMENTED.map(([expression, fate], index) => ({ number: index + 1, expression, fate })))(
    '$number: $expression',
    ({ expression, fate }) => {
      const checked = compileExpression(expression, undefined);
      const said = checked.ok ? [] : checked.diagnostics.map(each => printDiagnostic(expression, each));
      if (typeof fate === 'object') {
        expect(said.join()).toContain(fate.cure);
        return;
      }
      expect(said).toEqual([]);
      const rule = { index: 1, ref: '1', action: 'block', enabled: true, expression } as const;
      const compiled = compile({ account: 'documented', lists: LISTS, rules: [rule] });
      if (fate === 'data') {
        const codes = compiled.ok
          ? []
          : compiled.refused.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));
        expect(new Set(codes)).toEqual(new Set(['RF2028']));
        return;
      }
      expect(compiled.ok).toBe(true);
      const formula = compiled.ok ? compiled.value.ruleset.rules[0]?.formula : undefined;
      const never = { kind: 'constant', value: false };
      if (fate === 'never') expect(formula).toEqual({ ip: never, ip6: never });
      else expect([formula?.ip, formula?.ip6]).not.toEqual([never, never]);
    },
  );
});
