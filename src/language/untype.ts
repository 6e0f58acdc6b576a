// Typed AST back to AST, its literals spelled in one way each: what print.ts needs to write an expression that exists
// only as a typed one, or to write it without its author's spelling.

import { unreachable } from '../diagnostic/invariant';
import type { Span } from '../diagnostic/span';
import type * as ast from './ast';
import { spellAddress, spellAddressItem, spellBytes, spellInt, spellIntRange, spellRegex } from './literal/spell';
import type {
  Call,
  IndexStep,
  Literal,
  Quantifier,
  TypedArgument,
  TypedExpression,
  TypedTest,
  TypedValue,
} from './typed-ast';

export function untype(expression: TypedExpression): ast.Formula {
  const { span } = expression;
  switch (expression.kind) {
    case 'truth':
      return { kind: 'truth', value: untypeValue(expression.left), span };
    case 'comparison':
      return { kind: 'comparison', left: untypeValue(expression.left), test: untypeTest(expression.test, span), span };
    case 'not':
      return { kind: 'not', operand: untype(expression.operand), span };
    case 'and':
    case 'xor':
    case 'or':
      return { kind: expression.kind, operands: expression.operands.map(untype), span };
    case 'any':
    case 'all':
      return untypeQuantifier(expression);
    default:
      return unreachable(expression);
  }
}

function untypeQuantifier({ kind, operand, span }: Quantifier): ast.Quantifier {
  return { kind, argument: untypeArgument(operand), span };
}

function untypeValue({ base, path, span }: TypedValue): ast.Value {
  const named: ast.Name | ast.Call =
    base.kind === 'field'
      ? { kind: 'name', name: base.field.name, perhapsLiteral: false, span: base.span }
      : untypeCall(base);
  return { kind: 'value', base: named, path: path.map(step => untypeStep(step, span)), span };
}

function untypeCall(call: Call): ast.Call {
  const { span } = call;
  const untyped = call.arguments.map(untypeArgument);
  return { kind: 'call', name: call.function.name, nameSpan: span, arguments: untyped, argumentsSpan: span, span };
}

function untypeArgument(argument: TypedArgument): ast.Argument {
  switch (argument.kind) {
    case 'value':
      return untypeValue(argument);
    case 'int':
    case 'address':
    case 'bytes':
      return untypeLiteral(argument);
    default:
      return { kind: 'formula', formula: untype(argument), span: argument.span };
  }
}

function untypeStep(step: IndexStep, span: Span): ast.Step {
  switch (step.kind) {
    case 'index':
      return { kind: 'chunk', text: String(step.index), textSpan: span, span };
    case 'key':
      return { kind: 'quoted', text: spellBytes(Buffer.from(step.key), 'quoted'), textSpan: span, span };
    case 'each':
      return { kind: 'each', text: '*', textSpan: span, span };
    default:
      return unreachable(step);
  }
}

function untypeTest(test: TypedTest, span: Span): ast.Test {
  const compared = (operator: ast.LiteralOperator, right: ast.LiteralText): ast.Test => ({
    kind: 'literal',
    operator,
    right,
    operatorSpan: span,
  });
  const set = (items: readonly ast.LiteralText[]): ast.Test => ({ kind: 'set', items, operatorSpan: span });
  switch (test.kind) {
    case 'order':
      return compared(test.operator, untypeLiteral(test.right));
    case 'bitwise_and':
      return compared('bitwise_and', spelled(spellInt(test.mask), span));
    case 'contains':
      return compared('contains', untypeLiteral(test.right));
    case 'matches':
      return compared('matches', spelled(spellRegex(test.pattern), span));
    case 'wildcard':
      return compared(test.strict ? 'strict wildcard' : 'wildcard', untypeLiteral(test.pattern));
    case 'in_ints':
      return set(test.items.map(({ from, to }) => spelled(spellIntRange(from, to), span)));
    case 'in_addresses':
      return set(test.items.map(item => spelled(spellAddressItem(item), span)));
    case 'in_bytes':
      return set(test.items.map(untypeLiteral));
    case 'in_list':
      return { kind: 'list', name: test.list, nameSpan: test.span, operatorSpan: span };
    default:
      return unreachable(test);
  }
}

function untypeLiteral(literal: Literal): ast.LiteralText {
  return spelled(
    literal.kind === 'bytes' ? spellBytes(literal.value, literal.form) : spellNumber(literal),
    literal.span,
  );
}

function spellNumber(literal: Exclude<Literal, { readonly kind: 'bytes' }>): string {
  return literal.kind === 'int' ? spellInt(literal.value) : spellAddress(literal.value);
}

function spelled(text: string, span: Span): ast.LiteralText {
  const form = text.startsWith('"') ? 'quoted' : text.startsWith('r') ? 'raw' : 'chunk';
  return { kind: 'literal', form, text, span };
}
