// AST to canonical text: one spelling for each operator, single spaces, only the brackets that are needed. Literals stay
// as they are spelled. Parsing the text gives the same AST again, spans apart.

import { unreachable } from '../diagnostic/invariant';
import type { Argument, Call, Comparison, Formula, Logical, LogicalOperator, Test, Value } from './ast';
import { spellingOf } from './operator-spelling';

export function printFormula(formula: Formula): string {
  switch (formula.kind) {
    case 'truth':
      return printValue(formula.value);
    case 'comparison':
      return printComparison(formula);
    case 'not':
      return `not ${isLogical(formula.operand) ? bracketed(formula.operand) : printFormula(formula.operand)}`;
    case 'and':
    case 'xor':
    case 'or':
      return printLogical(formula);
    case 'any':
    case 'all':
      return `${formula.kind}(${printArgument(formula.argument)})`;
    default:
      return unreachable(formula);
  }
}

/** Higher binds tighter. */
const PRECEDENCE = { or: 1, xor: 2, and: 3 } as const;

function printLogical({ kind, operands }: Logical): string {
  return operands
    .map(operand => (isLogical(operand) && needsBrackets(operand, kind) ? bracketed(operand) : printFormula(operand)))
    .join(` ${kind} `);
}

/** In a run of `outside`. Equal precedence needs brackets too: without them the runs would become one. */
export function needsBrackets({ kind }: Logical, outside: LogicalOperator): boolean {
  return PRECEDENCE[kind] <= PRECEDENCE[outside];
}

export function isLogical(formula: Formula): formula is Logical {
  return formula.kind === 'and' || formula.kind === 'xor' || formula.kind === 'or';
}

function bracketed(formula: Formula): string {
  return `(${printFormula(formula)})`;
}

function printComparison({ left, test }: Comparison): string {
  return `${printValue(left)} ${printTest(test)}`;
}

function printTest(test: Test): string {
  switch (test.kind) {
    case 'literal':
      return `${spellingOf(test.operator).printed} ${test.right.text}`;
    case 'set':
      return `in {${test.items.map(item => item.text).join(' ')}}`;
    case 'list':
      return `in $${test.name}`;
    default:
      return unreachable(test);
  }
}

function printValue({ base, path }: Value): string {
  const text = base.kind === 'name' ? base.name : printCall(base);
  return text + path.map(step => `[${step.text}]`).join('');
}

function printCall(call: Call): string {
  return `${call.name}(${call.arguments.map(printArgument).join(', ')})`;
}

function printArgument(argument: Argument): string {
  switch (argument.kind) {
    case 'value':
      return printValue(argument);
    case 'literal':
      return argument.text;
    case 'formula': {
      const { formula } = argument;
      // A bare value would be read as a value, and a combination ends with its first operand.
      return formula.kind === 'truth' || isLogical(formula) ? bracketed(formula) : printFormula(formula);
    }
    default:
      return unreachable(argument);
  }
}
