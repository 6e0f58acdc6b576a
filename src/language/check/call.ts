// Function calls. Arguments are checked one by one against the parameters: a [*] only in the first, then count, kind
// and type. With a [*] in its first argument the function is called for each element and yields an array.

import type { Span } from '../../diagnostic/span';
import type * as ast from '../ast';
import type { FunctionSignature, Parameter } from '../scheme';
import { report, restFrom, type Scope } from '../scope';
import { arrayOf, printType, sameType, type Type } from '../type';
import type { Call, TypedArgument } from '../typed-ast';
import { type CheckedArgument, checkArgument } from './argument';
import { unknown } from './name';

export function checkCall(scope: Scope, call: ast.Call): Call | undefined {
  const signature = scope.scheme.functions.get(call.name);
  if (signature === undefined) {
    return scope.scheme.fields.has(call.name)
      ? report(scope, 'fieldIsNoFunction', restFrom(scope, call.argumentsSpan.start), { name: call.name })
      : unknown(scope, call.name, call.nameSpan);
  }
  const typed = checkArguments(scope, call, signature);
  const first = typed?.[0];
  if (typed === undefined) return undefined;
  const returns = signature.variadicOfFirst && first !== undefined ? first.type : signature.returns;
  const type = first?.each === true ? arrayOf(returns) : returns;
  return { kind: 'call', function: signature, arguments: typed.map(each => each.typed), type, span: call.span };
}

function checkArguments(scope: Scope, call: ast.Call, signature: FunctionSignature): CheckedArgument[] | undefined {
  const checked: CheckedArgument[] = [];
  const counts = argumentCounts(signature);
  for (const [index, part] of call.arguments.entries()) {
    const argument = checkArgument(scope, part);
    if (argument === undefined) {
      for (const later of call.arguments.slice(index + 1)) checkArgument(scope, later);
      return undefined;
    }
    if (argument.each && index > 0) return report(scope, 'eachInLaterArgument', part.span);
    if (index >= counts.most) return wrongCount(scope, call, counts, restFrom(scope, part.span.start));
    if (!fits(scope, signature, index, argument, checked[0]?.type)) return undefined;
    if (argument.rest !== undefined) return report(scope, 'commaExpected', restFrom(scope, argument.rest));
    checked.push(argument);
  }
  if (checked.length < counts.least) {
    return wrongCount(scope, call, counts, restFrom(scope, call.argumentsSpan.end - 1));
  }
  const bad = signature.checkLiterals?.(checked.map(each => literalValue(each.typed)));
  const place = bad === undefined ? undefined : call.arguments[bad.index];
  if (bad === undefined) return checked;
  const words = { index: String(bad.index), problem: bad.problem };
  return report(scope, 'argumentValue', place?.span ?? call.argumentsSpan, words);
}

interface Counts {
  readonly least: number;
  readonly most: number;
}

function argumentCounts({ parameters, variadicOfFirst }: FunctionSignature): Counts {
  if (variadicOfFirst) return { least: 2, most: Number.POSITIVE_INFINITY };
  return { least: parameters.filter(each => !each.optional).length, most: parameters.length };
}

function wrongCount(scope: Scope, call: ast.Call, { least, most }: Counts, at: Span): undefined {
  const wanted =
    least === most
      ? plural(least)
      : most === Number.POSITIVE_INFINITY
        ? `at least ${plural(least)}`
        : `${least} to ${plural(most)}`;
  return report(scope, 'argumentCount', at, { name: call.name, wanted, got: String(call.arguments.length) });
}

function plural(count: number): string {
  return count === 1 ? '1 argument' : `${count} arguments`;
}

/** Kind first, then type, as Wirefilter does. */
function fits(
  scope: Scope,
  signature: FunctionSignature,
  index: number,
  argument: CheckedArgument,
  first: Type | undefined,
): boolean {
  const parameter = parameterAt(signature, index, first);
  const got = argument.isLiteral ? 'Literal' : 'Field';
  if (parameter.kind !== 'Both' && parameter.kind !== got) {
    const cure =
      got === 'Literal'
        ? 'a literal never changes: give a field or a call'
        : 'give a literal: its value must be known beforehand';
    report(scope, 'argumentKind', argument.span, { index: String(index), expected: parameter.kind, got, cure });
    return false;
  }
  if (parameter.accepts(argument.type)) return true;
  const words = {
    index: String(index),
    expected: parameter.expected,
    got: printType(argument.type),
    name: signature.name,
  };
  report(scope, 'argumentType', argument.span, words);
  return false;
}

interface Expectation {
  readonly kind: Parameter['kind'];
  readonly expected: string;
  readonly accepts: (type: Type) => boolean;
}

function parameterAt(signature: FunctionSignature, index: number, first: Type | undefined): Expectation {
  const parameter = signature.parameters[index];
  if (!signature.variadicOfFirst && parameter !== undefined) {
    const { kind, type } = parameter;
    return { kind, expected: printType(type), accepts: got => sameType(got, type) };
  }
  if (first !== undefined) return { kind: 'Both', expected: printType(first), accepts: got => sameType(got, first) };
  return { kind: 'Both', expected: 'Bytes or Array<_>', accepts: got => got.kind === 'Bytes' || got.kind === 'Array' };
}

function literalValue(argument: TypedArgument): bigint | Uint8Array | undefined {
  return argument.kind === 'int' || argument.kind === 'bytes' ? argument.value : undefined;
}
