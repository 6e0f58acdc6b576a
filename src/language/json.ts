// The JSON form of the AST, as Wirefilter serializes it. Integers are bigint here: whoever writes them must keep all 64
// bits (lossless-json does).

import { unreachable } from '../diagnostic/invariant';
import { addressBits, printAddress } from '../net/address';
import { spellingOf } from './operator-spelling';
import type {
  AddressItem,
  BytesLiteral,
  Call,
  IndexStep,
  Literal,
  TypedArgument,
  TypedExpression,
  TypedTest,
  TypedValue,
} from './typed-ast';
import { utf8Text } from './value';

export type Json = string | number | bigint | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const LOGICAL = { and: 'And', or: 'Or', xor: 'Xor' } as const;
const QUANTIFIER = { any: 'Any', all: 'All' } as const;

export function expressionJson(expression: TypedExpression): Json {
  switch (expression.kind) {
    case 'truth':
      return { lhs: valueJson(expression.left), op: 'IsTrue' };
    case 'comparison':
      return { lhs: valueJson(expression.left), ...testJson(expression.test) };
    case 'not':
      return { op: 'Not', arg: expressionJson(expression.operand) };
    case 'and':
    case 'or':
    case 'xor':
      return { op: LOGICAL[expression.kind], items: expression.operands.map(expressionJson) };
    case 'any':
    case 'all':
      return { op: QUANTIFIER[expression.kind], arg: argumentJson(expression.operand) };
    default:
      return unreachable(expression);
  }
}

export function valueJson({ base, path }: TypedValue): Json {
  const baseJson = base.kind === 'field' ? base.field.name : callJson(base);
  return path.length === 0 ? baseJson : [baseJson, ...path.map(stepJson)];
}

function callJson(call: Call): Json {
  return { name: call.function.name, args: call.arguments.map(argumentJson) };
}

function argumentJson(argument: TypedArgument): Json {
  switch (argument.kind) {
    case 'value':
      return { kind: 'IndexExpr', value: valueJson(argument) };
    case 'int':
    case 'address':
    case 'bytes':
      return { kind: 'Literal', value: literalJson(argument) };
    default:
      return { kind: 'SimpleExpr', value: expressionJson(argument) };
  }
}

function stepJson(step: IndexStep): Json {
  switch (step.kind) {
    case 'index':
      return { kind: 'ArrayIndex', value: step.index };
    case 'key':
      return { kind: 'MapKey', value: step.key };
    case 'each':
      return { kind: 'MapEach' };
    default:
      return unreachable(step);
  }
}

function testJson(test: TypedTest): { readonly op: string; readonly rhs: Json } {
  switch (test.kind) {
    case 'order':
      return { op: spellingOf(test.operator).json, rhs: literalJson(test.right) };
    case 'bitwise_and':
      return { op: spellingOf('bitwise_and').json, rhs: test.mask };
    case 'contains':
      return { op: spellingOf('contains').json, rhs: bytesJson(test.right) };
    case 'matches':
      return { op: spellingOf('matches').json, rhs: test.pattern };
    case 'wildcard':
      return { op: spellingOf(test.strict ? 'strict wildcard' : 'wildcard').json, rhs: bytesJson(test.pattern) };
    case 'in_ints':
      return { op: 'OneOf', rhs: test.items.map(({ from, to }) => ({ start: from, end: to })) };
    case 'in_addresses':
      return { op: 'OneOf', rhs: test.items.map(addressItemJson) };
    case 'in_bytes':
      return { op: 'OneOf', rhs: test.items.map(bytesJson) };
    case 'in_list':
      return { op: 'InList', rhs: test.list };
    default:
      return unreachable(test);
  }
}

function literalJson(literal: Literal): Json {
  switch (literal.kind) {
    case 'int':
      return literal.value;
    case 'address':
      return printAddress(literal.value);
    case 'bytes':
      return bytesJson(literal);
    default:
      return unreachable(literal);
  }
}

/** Text where it is text: byte strings, and strings whose escapes make no UTF-8, are arrays of numbers. */
function bytesJson({ value, form }: BytesLiteral): Json {
  const text = form === 'byte_string' ? undefined : utf8Text(value);
  return text ?? [...value];
}

function addressItemJson({ from, to, prefix }: AddressItem): Json {
  if (prefix === undefined) return { start: printAddress(from), end: printAddress(to) };
  return prefix === addressBits(from.family) ? printAddress(from) : `${printAddress(from)}/${prefix}`;
}
