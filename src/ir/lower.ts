// Typed AST → formula, for one family. Field rows say where a value lies; this decides which kind of comparison it is
// and leaves the arithmetic to address.ts, number.ts, byte-string.ts, protocol-name.ts and interface-name.ts.

import type { Diagnostic } from '../diagnostic/diagnostic';
import { defect, invariant, unreachable } from '../diagnostic/invariant';
import { MANAGED_LISTS } from '../language/field/external';
import { holdsOf } from '../language/field/known-value';
import type { PacketField } from '../language/field/packet-field';
import { subject } from '../language/field/subject';
import type { BytesLiteral, Comparison, Truth, TypedExpression, TypedValue } from '../language/typed-ast';
import { of } from '../net/interval-set';
import type { PacketFamily } from '../packet/packet';
import { type Lists, lowerAddressTest } from './address';
import { lowerByteCall, lowerBytesTest } from './byte-string';
import type { PacketBytes } from './bytes';
import type { PositiveTest } from './condition';
import { lowerExternal, lowerManagedList, type Site } from './external';
import { and, FALSE, type Formula, L4PROTO, not, or, type Test, TRUE, test, xor } from './formula';
import { lowerInterfaceName } from './interface-name';
import { lowerNumberTest, wholeNumber } from './number';
import { readCall } from './packet-call';
import { loadOf, numberAt } from './place';
import { lowerProtocolEquality, lowerProtocolName } from './protocol-name';
import type { Spent } from './scan';

export interface LowerContext {
  readonly family: PacketFamily;
  /** undefined: no list has anything in it. */
  readonly lists: Lists | undefined;
  /** undefined: no host is meant. */
  readonly site: Site | undefined;
  /** What no packet backend can say is reported here; the formula is then not to be used. */
  readonly problems: Diagnostic[];
  /** Shared by the families; undefined: nothing has been spent. */
  readonly spent?: Spent;
}

type ListTest = Extract<PositiveTest, { readonly kind: 'in_list' }>;

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
    const equal = left.base.kind === 'field' ? equalTo(asked) : undefined;
    if (equal !== undefined) return lowerProtocolEquality(equal.map(({ value }) => value));
    return lowerProtocolName(protocol => holdsOf(whole, name, Buffer.from(protocol)));
  }
  if (source.kind === 'constant') return holdsOf(whole, name, source.value[context.family]) ? TRUE : FALSE;
  if (source.kind === 'external') return lowerExternal({ name, data: source.data }, whole, context);
  if (source.kind === 'in_iface') return lowerInterfaceName(left.base, whole, asked, context);
  if (left.base.kind === 'call') return lowerByteCall(bytesOf(field), readCall(left.base), asked);
  switch (source.kind) {
    case 'protocol_number':
      return lowerNumberTest(wholeNumber([], L4PROTO), asked);
    case 'length':
      return lowerNumberTest(wholeNumber([], { kind: 'length', segment: source.segment }), asked);
    case 'segment':
      return lowerBytesTest(bytesOf(field), asked, whole.span, context);
    case 'header': {
      const place = source[context.family];
      if (place === undefined) return FALSE;
      const guards = protocolGuard(source.protocol);
      if (field.type.kind !== 'Ip') return lowerNumberTest(numberAt(place, guards), asked);
      if (asksManagedList(asked, context.lists)) return lowerManagedList(asked.list, whole.span, context);
      return and([...guards, lowerAddressTest(loadOf(place), context.family, asked, context.lists)]);
    }
    default:
      return unreachable(source);
  }
}

function asksManagedList(asked: PositiveTest, lists: Lists | undefined): asked is ListTest {
  return asked.kind === 'in_list' && MANAGED_LISTS.includes(asked.list) && lists?.has(asked.list) !== true;
}

/** The strings that the test holds of and no others; undefined where it asks something else. */
function equalTo(asked: PositiveTest): readonly BytesLiteral[] | undefined {
  if (asked.kind === 'in_bytes') return asked.items;
  return asked.kind === 'order' && asked.operator === 'eq' && asked.right.kind === 'bytes' ? [asked.right] : undefined;
}

function bytesOf({ name, source }: PacketField): PacketBytes {
  invariant(source.kind === 'segment', `${name} is a string of bytes`);
  const { segment, protocol } = source;
  return { segment, guards: segment === 'transport' ? protocolGuard(protocol) : [] };
}

function protocolGuard(protocol: number | undefined): readonly Test[] {
  if (protocol === undefined) return [];
  const known = GUARDS.get(protocol) ?? [test(L4PROTO, of(BigInt(protocol)))];
  GUARDS.set(protocol, known);
  return known;
}

/** By protocol number, one for all rules. */
const GUARDS = new Map<number, readonly Test[]>();
