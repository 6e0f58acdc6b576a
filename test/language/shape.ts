// An AST in brackets, for tests of structure: (or a (and b c)).

import type { Argument, Formula, Value } from '../../src/language/ast';

export function shape(formula: Formula): string {
  switch (formula.kind) {
    case 'truth':
      return valueShape(formula.value);
    case 'comparison': {
      const { left, test } = formula;
      if (test.kind === 'literal') return `(${test.operator} ${valueShape(left)} ${test.right.text})`;
      if (test.kind === 'list') return `(in ${valueShape(left)} $${test.name})`;
      return `(in ${valueShape(left)} {${test.items.map(item => item.text).join(' ')}})`;
    }
    case 'not':
      return `(not ${shape(formula.operand)})`;
    case 'and':
    case 'xor':
    case 'or':
      return `(${formula.kind} ${formula.operands.map(shape).join(' ')})`;
    case 'any':
    case 'all':
      return `(${formula.kind} ${argumentShape(formula.argument)})`;
  }
}

function valueShape({ base, path }: Value): string {
  const named = base.kind === 'name' ? base.name : `${base.name}(${base.arguments.map(argumentShape).join(', ')})`;
  return named + path.map(step => `[${step.text}]`).join('');
}

/** A formula in an argument's place is marked with `?`. */
function argumentShape(argument: Argument): string {
  if (argument.kind === 'value') return valueShape(argument);
  return argument.kind === 'literal' ? argument.text : `?${shape(argument.formula)}`;
}
