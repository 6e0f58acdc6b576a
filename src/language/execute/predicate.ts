// A test as a function of the value it judges. Whatever can be prepared once (pattern, set) is, so that a test over
// [*] does it once for all elements.

import { invariant, unreachable } from '../../diagnostic/invariant';
import type { Address } from '../../net/address';
import { checkRegex, compileRegex } from '../regex/compile';
import type { Type } from '../type';
import type { OrderingOperator, TypedTest } from '../typed-ast';
import { latin1, type Value } from '../value';
import { wildcardMatcher, wildcardPieces } from '../wildcard';
import type { Context } from './context';

export type Predicate = (value: Value) => boolean;

export function predicate(type: Type, test: TypedTest, context: Context): Predicate {
  switch (test.kind) {
    case 'order': {
      const right = test.right.value;
      return value => ordered(test.operator, compare(value, right));
    }
    case 'bitwise_and':
      return value => (int(value) & test.mask) !== 0n;
    case 'contains': {
      const part = Buffer.from(test.right.value);
      return value => Buffer.from(bytes(value)).includes(part);
    }
    case 'matches':
      return matches(test.pattern);
    case 'wildcard':
      return wildcard(test.pattern.value, test.strict);
    case 'in_ints':
      return value => test.items.some(({ from, to }) => int(value) >= from && int(value) <= to);
    case 'in_addresses':
      return value => test.items.some(({ from, to }) => isBetween(address(value), from, to));
    case 'in_bytes': {
      const items = new Set(test.items.map(item => latin1(item.value)));
      return value => items.has(latin1(bytes(value)));
    }
    case 'in_list':
      return value => context.inList(type, test.list, value);
    default:
      return unreachable(test);
  }
}

/** Negative, zero or positive; undefined for addresses of different families, which have no order. */
function compare(left: Value, right: bigint | Address | Uint8Array): number | undefined {
  if (typeof right === 'bigint') return sign(int(left) - right);
  if (right instanceof Uint8Array) return Buffer.compare(bytes(left), right);
  const { family, value } = address(left);
  return family === right.family ? sign(value - right.value) : undefined;
}

function sign(difference: bigint): number {
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function ordered(operator: OrderingOperator, order: number | undefined): boolean {
  if (order === undefined) return operator === 'ne';
  switch (operator) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
  }
}

function isBetween({ family, value }: Address, from: Address, to: Address): boolean {
  return family === from.family && value >= from.value && value <= to.value;
}

function matches(pattern: string): Predicate {
  // check() held the pattern to its own limit, which may be higher than the default.
  const checked = checkRegex(pattern, Number.POSITIVE_INFINITY);
  invariant(checked.kind === 'regex', 'check() lets only patterns pass that compile');
  const matcher = compileRegex(checked.node);
  return value => matcher(latin1(bytes(value)));
}

function wildcard(pattern: Uint8Array, strict: boolean): Predicate {
  const pieces = wildcardPieces(pattern);
  invariant(pieces.kind === 'pieces', 'check() lets only wildcards pass whose escapes are right');
  const matcher = wildcardMatcher(pieces.literals, strict);
  return value => matcher(bytes(value));
}

function int(value: Value): bigint {
  invariant(typeof value === 'bigint', 'check() lets integer tests see integers only');
  return value;
}

function bytes(value: Value): Uint8Array {
  invariant(value instanceof Uint8Array, 'check() lets tests of bytes see bytes only');
  return value;
}

function address(value: Value): Address {
  invariant(typeof value === 'object' && 'family' in value, 'check() lets address tests see addresses only');
  return value;
}
