// Typed AST → formula, for one family. Field rows say where a value lies; this decides which kind of comparison it is
// and leaves the arithmetic to address.ts, number.ts, bytes.ts and protocol-name.ts.

import { type Diagnostic, diagnostic } from '../diagnostic/diagnostic';
import { defect, invariant, unreachable } from '../diagnostic/invariant';
import type { Span } from '../diagnostic/span';
import { holdsOf } from '../language/field/known-value';
import type { PacketField } from '../language/field/packet-field';
import { subject } from '../language/field/subject';
import type { Call, Comparison, Truth, TypedExpression, TypedValue } from '../language/typed-ast';
import { of } from '../net/interval-set';
import type { PacketFamily } from '../packet/packet';
import { type Lists, lowerAddressTest } from './address';
import { AUTOMATON_LIMITS } from './automaton/dfa';
import {
  endsWith,
  equals,
  equalsOneOf,
  lengthOf,
  lowerByteOrder,
  type PacketBytes,
  startsWith,
  windowOf,
} from './bytes';
import type { PositiveTest } from './condition';
import { and, FALSE, type Formula, not, or, type Test, TRUE, test, xor } from './formula';
import { lowerNumberTest, wholeNumber } from './number';
import { loadOf, numberAt } from './place';
import { lowerProtocolName } from './protocol-name';
import { lowerScan } from './scan';

export interface LowerContext {
  readonly family: PacketFamily;
  /** undefined: no list has anything in it. */
  readonly lists: Lists | undefined;
  /** What no packet backend can say is reported here; the formula is then not to be used. */
  readonly problems: Diagnostic[];
}

export function lower(expression: TypedExpression, context: LowerContext): Formula {
  switch (expression.kind) {
    case 'comparison':
    case 'truth':
      return lowerCondition(expression, context);
    case 'not':
      return not(lower(expression.operand, context));
    case 'and':
      return and(expression.operands.map(operand => lower(operand, context)));
    case 'or':
      return or(expression.operands.map(operand => lower(operand, context)));
    case 'xor':
      return xor(expression.operands.map(operand => lower(operand, context)));
    case 'any':
    case 'all':
      return defect('the packet scheme has no arrays to quantify over');
    default:
      return unreachable(expression);
  }
}

function lowerCondition(condition: Comparison | Truth, context: LowerContext): Formula {
  if (condition.kind === 'truth') return lowerTest(condition.left, condition, { kind: 'truth' }, context);
  const asked = condition.test;
  if (asked.kind !== 'order') return lowerTest(condition.left, condition, asked, context);
  const { operator, right } = asked;
  if (operator !== 'ne') return lowerTest(condition.left, condition, { kind: 'order', operator, right }, context);
  const equal = { kind: 'order', operator: 'eq', right } as const;
  return not(lowerTest(condition.left, { ...condition, test: equal }, equal, context));
}

function lowerTest(left: TypedValue, whole: Comparison | Truth, asked: PositiveTest, context: LowerContext): Formula {
  const field = subject(left);
  const { name, source } = field;
  if (source.kind === 'protocol_name') {
    const names = isEquality(left, asked) ? 'all' : 'first';
    return lowerProtocolName(names, protocol => holdsOf(whole, name, Buffer.from(protocol)));
  }
  if (source.kind === 'constant') return holdsOf(whole, name, source.value[context.family]) ? TRUE : FALSE;
  if (left.base.kind === 'call') return lowerCall(left.base, asked);
  switch (source.kind) {
    case 'protocol_number':
      return lowerNumberTest(wholeNumber([], { kind: 'l4proto' }), asked);
    case 'length':
      return lowerNumberTest(wholeNumber([], { kind: 'length', segment: source.segment }), asked);
    case 'segment':
      return lowerBytesTest(bytesOf(field), asked, whole.span, context);
    case 'header': {
      const place = source[context.family];
      if (place === undefined) return FALSE;
      const guards = protocolGuard(source.protocol);
      if (field.type.kind !== 'Ip') return lowerNumberTest(numberAt(place, guards), asked);
      return and([...guards, lowerAddressTest(loadOf(place), context.family, asked, context.lists)]);
    }
    default:
      return unreachable(source);
  }
}

function isEquality(left: TypedValue, asked: PositiveTest): boolean {
  if (left.base.kind === 'call') return false;
  return asked.kind === 'in_bytes' || (asked.kind === 'order' && asked.operator === 'eq');
}

function lowerCall(call: Call, asked: PositiveTest): Formula {
  const [first, ...literals] = call.arguments;
  invariant(first?.kind === 'value', 'the first argument of a packet function is a field');
  const bytes = bytesOf(subject(first));
  switch (call.function.name) {
    case 'starts_with':
      return startsWith(bytes, bytesLiteral(literals[0]));
    case 'ends_with':
      return endsWith(bytes, bytesLiteral(literals[0]));
    case 'len':
      return lowerNumberTest(wholeNumber(bytes.guards, lengthOf(bytes)), asked);
    case 'bit_slice':
      return lowerBitSlice(bytes, intLiteral(literals[0]), intLiteral(literals[1]), asked);
    default:
      return defect(`the packet scheme has a function ${call.function.name} that lower() does not know`);
  }
}

/** Bits start..end (exclusive) counted from the first bit of the segment. */
function lowerBitSlice(bytes: PacketBytes, start: number, end: number, asked: PositiveTest): Formula {
  const firstByte = Math.floor(start / 8);
  const endByte = Math.ceil(end / 8);
  const { guards, load } = windowOf(bytes, firstByte, endByte - firstByte);
  const shift = endByte * 8 - end;
  const mask = ((1n << BigInt(end - start)) - 1n) << BigInt(shift);
  const whole = mask === (1n << BigInt((endByte - firstByte) * 8)) - 1n;
  return lowerNumberTest({ guards, load, mask: whole ? undefined : mask, shift, plus: 0n }, asked);
}

function lowerBytesTest(bytes: PacketBytes, asked: PositiveTest, span: Span, context: LowerContext): Formula {
  switch (asked.kind) {
    case 'order':
      invariant(asked.right.kind === 'bytes', 'bytes are compared with bytes');
      if (asked.operator === 'eq') return equals(bytes, asked.right.value);
      return lowerByteOrder(bytes, asked.operator, asked.right.value);
    case 'in_bytes':
      return equalsOneOf(
        bytes,
        asked.items.map(item => item.value),
      );
    case 'contains':
    case 'matches':
    case 'wildcard': {
      const scan = lowerScan(bytes, asked);
      if (scan !== undefined) return scan;
      const limit = String(AUTOMATON_LIMITS.tableEntries);
      context.problems.push(diagnostic('patternTooLarge', span, { limit }));
      return FALSE;
    }
    default:
      return defect(`check() let ${asked.kind} pass on bytes`);
  }
}

function bytesOf({ name, source }: PacketField): PacketBytes {
  invariant(source.kind === 'segment', `${name} is a string of bytes`);
  const { segment, protocol } = source;
  return { segment, guards: segment === 'transport' ? protocolGuard(protocol) : [] };
}

function protocolGuard(protocol: number | undefined): Test[] {
  return protocol === undefined ? [] : [test({ kind: 'l4proto' }, of(BigInt(protocol)))];
}

function bytesLiteral(argument: Call['arguments'][number] | undefined): Uint8Array {
  invariant(argument?.kind === 'bytes', 'the argument is a literal of bytes');
  return argument.value;
}

function intLiteral(argument: Call['arguments'][number] | undefined): number {
  invariant(argument?.kind === 'int', 'the argument is a literal integer');
  return Number(argument.value);
}
