// Expressions as the rules of one policy whose lists are those of expressions.ts.

import { parseListItem } from '../../src/account/list-item';
import {
  type CompiledExpression,
  type CompileOptions,
  compile,
  compileExpression,
  DEFAULT_OPTIONS,
  type RuleText,
} from '../../src/compile';
import { invariant } from '../../src/diagnostic/invariant';
import type { Lists } from '../../src/ir/address';
import type { Plan } from '../../src/plan';
import { LISTS } from './expressions';

const ACCOUNT = '0123456789abcdef0123456789abcdef';

export const ADDRESS_LISTS: Lists = new Map(
  Object.entries(LISTS).map(([name, items]) => [
    name,
    items.map(text => {
      const item = parseListItem(text);
      invariant('family' in item, `${text} is an address or a prefix`);
      return item;
    }),
  ]),
);

export type WrittenRule = Pick<RuleText, 'expression' | 'action'> & Partial<Pick<RuleText, 'enabled' | 'ref'>>;

export function planOf(rules: readonly WrittenRule[], options: Partial<CompileOptions> = {}): Plan {
  const texts = rules.map((rule, position) => ({
    index: position + 1,
    ref: String(position + 1),
    enabled: true,
    ...rule,
  }));
  const compiled = compile(
    { account: ACCOUNT, lists: ADDRESS_LISTS, rules: texts },
    { ...DEFAULT_OPTIONS, ...options },
  );
  if (!compiled.ok) throw new Error(`the policy is refused: ${JSON.stringify(compiled.refused, null, 2)}`);
  return compiled.value;
}

export function compiledExpression(expression: string): CompiledExpression {
  const compiled = compileExpression(expression, ADDRESS_LISTS);
  if (!compiled.ok) throw new Error(`${expression} is refused: ${JSON.stringify(compiled.diagnostics, null, 2)}`);
  return compiled.value;
}
