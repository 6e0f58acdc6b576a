// rampart check: is this an expression that packets can be judged by?

import { type CompiledExpression, compileExpression } from '../compile';
import { asksList, conditionsOf } from '../ir/warning/condition';
import { expressionJson } from '../language/json';
import type { Register } from './command';
import { EXIT } from './exit-code';
import { ExpressionError, expressionReports } from './output-expression';
import { printWarnings } from './output-warning';

export const register: Register = (program, act) => {
  program
    .command('check <expression>')
    .description('checks an expression; any list may be named in it')
    .action(
      act((output, expression: string) => {
        const compiled = compileExpression(expression, undefined);
        if (!compiled.ok) throw new ExpressionError([{ expression, diagnostics: compiled.diagnostics }]);
        const matches = scope(compiled.value);
        const warnings = expressionReports({ expression, diagnostics: compiled.value.warnings });
        const result = { valid: true, matches, warnings, ast: expressionJson(compiled.value.typed) };
        output.print(result, () => (matches === 'some' ? 'valid' : `valid, but it matches ${matches} packets`));
        printWarnings(output, warnings);
        return EXIT.done;
      }),
    );
};

/** What the compiler could prove; `some` where it could not, as it knows no list's items. */
function scope({ typed, formula: { ip, ip6 } }: CompiledExpression): 'no' | 'all' | 'some' {
  if (conditionsOf(typed).some(asksList)) return 'some';
  if (ip.kind !== 'constant' || ip6.kind !== 'constant' || ip.value !== ip6.value) return 'some';
  return ip.value ? 'all' : 'no';
}
