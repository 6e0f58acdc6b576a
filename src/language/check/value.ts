// Values: a field or a call, and the indexes behind it. Each index takes one layer of Array or Map away; [*] does too
// and makes what stands around it plural.

import type { Span } from '../../diagnostic/span';
import type * as ast from '../ast';
import { unescapeQuoted } from '../literal/escape';
import { intAt } from '../literal/int';
import { report, restFrom, type Scope } from '../scope';
import { printType, type Type } from '../type';
import type { Call, FieldReference, IndexStep, TypedValue } from '../typed-ast';
import { utf8Text } from '../value';
import { checkCall } from './call';
import { checkField } from './name';

export function checkValue(scope: Scope, value: ast.Value): TypedValue | undefined {
  const base = value.base.kind === 'name' ? checkField(scope, value.base) : checkCall(scope, value.base);
  if (base === undefined) return undefined;
  let type = baseType(base);
  const path: IndexStep[] = [];
  for (const part of value.path) {
    const step = checkStep(scope, part);
    if (step === undefined) return undefined;
    const element = elementType(type, step);
    if (element === undefined)
      return report(scope, 'indexType', part.span, {
        index: printStep(step),
        type: printType(type),
        hint: byteHint(scope, value, type, step),
      });
    path.push(step);
    type = element;
  }
  return { kind: 'value', base, path, type, each: path.some(step => step.kind === 'each'), span: value.span };
}

export function sourceOf(scope: Scope, at: Span): string {
  return scope.source.slice(at.start, at.end);
}

function baseType(base: FieldReference | Call): Type {
  return base.kind === 'field' ? base.field.type : base.type;
}

const GREATEST_INDEX = (1n << 32n) - 1n;

function checkStep(scope: Scope, { kind, text, textSpan }: ast.Step): IndexStep | undefined {
  switch (kind) {
    case 'each':
      return { kind: 'each' };
    case 'quoted':
      return keyStep(scope, { kind: 'literal', form: 'quoted', text, span: textSpan });
    case 'chunk':
      return indexStep(scope, { kind: 'literal', form: 'chunk', text, span: textSpan });
  }
}

function keyStep(scope: Scope, literal: ast.LiteralText): IndexStep | undefined {
  const bytes = unescapeQuoted(scope, literal);
  if (bytes === undefined) return undefined;
  const key = utf8Text(bytes);
  return key === undefined ? report(scope, 'keyNotText', restFrom(scope, literal.span.start)) : { kind: 'key', key };
}

function indexStep(scope: Scope, literal: ast.LiteralText): IndexStep | undefined {
  // An empty chunk: the parser has said what is missing here.
  if (literal.text === '') return undefined;
  // Whatever is wrong with the number, the message is the index's own.
  const attempt: Scope = { ...scope, diagnostics: [] };
  const read = intAt(attempt, literal, 0, 'an index');
  const rest = restFrom(scope, literal.span.start);
  if (read === undefined) return report(scope, 'indexExpected', rest);
  if (read.value < 0n || read.value > GREATEST_INDEX) return report(scope, 'indexNegative', rest);
  if (read.end < literal.text.length)
    return report(scope, 'indexEndExpected', restFrom(scope, literal.span.start + read.end));
  scope.diagnostics.push(...attempt.diagnostics);
  return { kind: 'index', index: Number(read.value) };
}

function elementType(type: Type, step: IndexStep): Type | undefined {
  if (!('of' in type)) return undefined;
  const wanted = step.kind === 'index' ? 'Array' : step.kind === 'key' ? 'Map' : type.kind;
  return type.kind === wanted ? type.of : undefined;
}

/** `tcp[13]`, as in tcpdump. */
function byteHint(scope: Scope, { base }: ast.Value, type: Type, step: IndexStep): string {
  const isByte = type.kind === 'Bytes' && step.kind === 'index' && base.kind === 'name';
  if (!isByte || !scope.scheme.functions.has('bit_slice')) return '';
  return `; byte ${step.index} is \`bit_slice(${base.name}, ${step.index * 8}, ${step.index * 8 + 8})\``;
}

function printStep(step: IndexStep): string {
  switch (step.kind) {
    case 'index':
      return `ArrayIndex(${step.index})`;
    case 'key':
      return `MapKey(${JSON.stringify(step.key)})`;
    case 'each':
      return 'MapEach';
  }
}
