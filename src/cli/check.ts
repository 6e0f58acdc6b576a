// rampart check: is this an expression that packets can be judged by?

import { extentOf } from '../analysis/analyze';
import { type CompiledExpression, compileExpression } from '../compile';
import { asksExternal, asksList, conditionsOf, externalData } from '../ir/warning/condition';
import { EXTERNAL_DATA } from '../language/field/external-data';
import { expressionJson } from '../language/json';
import { ExpressionError, expressionReports } from '../report/expression-report';
import type { Register } from './command';
import { EXIT } from './exit-code';
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
        const needs = neededData(compiled.value);
        const result = { valid: true, matches, needs, warnings, ast: expressionJson(compiled.value.typed) };
        output.print(result, () => [verdict(matches), ...needs.map(each => `it needs ${each}`)].join('\n'));
        printWarnings(output, warnings);
        return EXIT.done;
      }),
    );
};

type Scope = 'no' | 'all' | 'some';

function verdict(matches: Scope): string {
  return matches === 'some' ? 'valid' : `valid, but it matches ${matches} packets`;
}

/** What a host must have that is to judge packets by it. */
function neededData({ typed }: CompiledExpression): readonly string[] {
  const data = conditionsOf(typed).flatMap(condition => externalData(condition) ?? []);
  return [...new Set(data)].map(each => EXTERNAL_DATA[each].what);
}

/** Steps of the proof: a hundredth of a second's. */
const BUDGET = 100_000;

/** What can be proved quickly; `some` where nothing was, as no list's items are known. */
function scope({ typed, plain }: CompiledExpression): Scope {
  return conditionsOf(typed).some(condition => asksList(condition) || asksExternal(condition))
    ? 'some'
    : extentOf(plain, BUDGET);
}
