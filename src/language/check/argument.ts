// One argument of a function or quantifier: a value, a formula or a literal. A word such as 10 or ab.cd is a name if
// the scheme knows it, else the first of address, integer and byte string that it can be.

import { unreachable } from '../../diagnostic/invariant';
import { type Span, span } from '../../diagnostic/span';
import { parseAddress } from '../../net/address';
import type * as ast from '../ast';
import { addressChunk } from '../literal/address';
import { byteString, readBytes } from '../literal/bytes';
import { intAt } from '../literal/int';
import { report, restFrom, type Scope } from '../scope';
import { BYTES, INT, IP, type Type } from '../type';
import type { TypedArgument } from '../typed-ast';
import { checkFormula } from './formula';
import { nearestHint } from './name';
import { checkValue } from './value';

export interface CheckedArgument {
  readonly typed: TypedArgument;
  /** Of one element where `each`. */
  readonly type: Type;
  readonly each: boolean;
  readonly isLiteral: boolean;
  readonly span: Span;
  /** Offset of what follows a literal without a comma. */
  readonly rest?: number;
}

export function checkArgument(scope: Scope, argument: ast.Argument): CheckedArgument | undefined {
  switch (argument.kind) {
    case 'value': {
      const literal = perhapsLiteral(scope, argument);
      if (literal !== undefined) return checkChunk(scope, literal);
      const typed = checkValue(scope, argument);
      return typed && { typed, type: typed.type, each: typed.each, isLiteral: false, span: argument.span };
    }
    case 'formula': {
      const typed = checkFormula(scope, argument.formula);
      return typed && { typed, type: typed.type, each: false, isLiteral: false, span: argument.span };
    }
    case 'literal': {
      if (argument.form === 'chunk') return checkChunk(scope, argument);
      const typed = readBytes(scope, argument);
      return typed && { typed, type: BYTES, each: false, isLiteral: true, span: argument.span };
    }
    default:
      return unreachable(argument);
  }
}

function perhapsLiteral(scope: Scope, value: ast.Value): ast.LiteralText | undefined {
  const { base } = value;
  if (base.kind === 'call' || !base.perhapsLiteral || value.path.length > 0) return undefined;
  if (scope.scheme.fields.has(base.name) || scope.scheme.functions.has(base.name)) return undefined;
  return { kind: 'literal', form: 'chunk', text: base.name, span: base.span };
}

/** ab:cd is the field ab, if there is one, with something wrong behind it. */
function leadingField({ scheme }: Scope, { text, span: at }: ast.LiteralText): ast.Name | undefined {
  const name = /^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*/.exec(text)?.[0] ?? '';
  if (!scheme.fields.has(name)) return undefined;
  return { kind: 'name', name, perhapsLiteral: false, span: span(at.start, at.start + name.length) };
}

function checkChunk(scope: Scope, literal: ast.LiteralText): CheckedArgument | undefined {
  const { text } = literal;
  const name = leadingField(scope, literal);
  if (name !== undefined) {
    const field = checkArgument(scope, { kind: 'value', base: name, path: [], span: name.span });
    return field && { ...field, rest: name.span.end };
  }
  const { start } = literal.span;
  const made = (typed: TypedArgument, type: Type, end: number): CheckedArgument => {
    const at = span(start, start + end);
    const argument: CheckedArgument = { typed, type, each: false, isLiteral: true, span: at };
    return end < text.length ? { ...argument, rest: at.end } : argument;
  };
  const chunk = addressChunk(literal);
  const address = parseAddress(chunk);
  if (address !== undefined) return made({ kind: 'address', value: address, span: literal.span }, IP, chunk.length);
  // Attempts: what one reports does not matter when a later one succeeds.
  const attempt: Scope = { ...scope, diagnostics: [] };
  const int = intAt(attempt, literal, 0, text);
  if (int !== undefined) {
    scope.diagnostics.push(...attempt.diagnostics);
    return made({ kind: 'int', value: int.value, span: literal.span }, INT, int.end);
  }
  const bytes = byteString(attempt, literal);
  if (bytes !== undefined) {
    const typed = { kind: 'bytes', value: bytes.value, form: 'byte_string', span: literal.span } as const;
    return made(typed, BYTES, bytes.end);
  }
  const words = { text, nearest: nearestHint(scope, text) };
  return report(scope, 'perhapsName', restFrom(scope, start), words);
}
