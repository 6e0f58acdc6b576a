// rampart check: is this an expression that packets can be judged by?

import { extentOf } from '../analysis/analyze';
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

/** Steps of the proof: a hundredth of a second's. */
const BUDGET = 100_000;

/** What can be proved quickly; `some` where nothing was, as no list's items are known. */
function scope({ typed, plain }: CompiledExpression): 'no' | 'all' | 'some' {
  return conditionsOf(typed).some(asksList) ? 'some' : extentOf(plain, BUDGET);
}
