// Conditions on `in_iface`. The kernel keeps a name in IFNAMSIZ bytes, padded with NUL; read as one number of 128 bits the
// order of padded names is that of the names, so that what is asked of them becomes tests on this number. A name has 1
// to 15 bytes and no NUL: what is longer or has one no name equals.

import { defect, invariant } from '../diagnostic/invariant';
import { holdsOf } from '../language/field/known-value';
import type { Comparison, Truth, TypedValue } from '../language/typed-ast';
import { bigEndian } from '../net/big-endian';
import { IFNAMSIZ, paddedName } from '../net/interface-name';
import { between, type IntervalSet, of, universe } from '../net/interval-set';
import type { PositiveOrdering, PositiveTest } from './condition';
import { and, FALSE, type Formula, type Load, not, or, test } from './formula';
import { lowerNumberTest } from './number';
import { type PacketCall, readCall } from './packet-call';
import { lowerScan, type ScanContext } from './scan';

const LONGEST = IFNAMSIZ - 1;
const IN_IFACE: Load = { kind: 'in_iface' };
const GREATEST = (1n << 128n) - 1n;

export function lowerInterfaceName(
  left: TypedValue['base'],
  whole: Comparison | Truth,
  asked: PositiveTest,
  context: ScanContext,
): Formula {
  if (left.kind === 'call') return lowerNameCall(readCall(left), whole, asked);
  switch (asked.kind) {
    case 'order':
      invariant(asked.right.kind === 'bytes', 'a name is compared with bytes');
      return inSet(ordered(asked.operator, asked.right.value));
    case 'in_bytes':
      return or(asked.items.map(({ value }) => inSet(ordered('eq', value))));
    case 'contains':
      return contains(asked.right.value);
    case 'wildcard':
    case 'matches':
      return lowerScan({ guards: [], segment: 'in_iface' }, asked, whole.span, context);
    default:
      return defect(`check() let ${asked.kind} pass on a name`);
  }
}

function lowerNameCall(call: PacketCall, whole: Comparison | Truth, asked: PositiveTest): Formula {
  switch (call.kind) {
    case 'starts_with':
      return startsWith(call.prefix);
    case 'ends_with':
      return endsWith(call.suffix);
    case 'len':
      return lengthIn(length => holdsOf(whole, 'in_iface', Buffer.alloc(length, 'x')));
    case 'bit_slice':
      return slice(call.start, call.end, asked);
  }
}

/** A name that is no longer than the literal and begins like it comes before it. */
function ordered(operator: PositiveOrdering, literal: Uint8Array): IntervalSet {
  const name = literal.subarray(0, comparable(literal));
  const value = paddedName(name);
  const whole = name.length === literal.length;
  switch (operator) {
    case 'eq':
      return whole ? of(value) : [];
    case 'lt':
      return between(0n, whole ? value - 1n : value);
    case 'le':
      return between(0n, value);
    case 'gt':
      return between(value + 1n, GREATEST);
    case 'ge':
      return between(whole ? value : value + 1n, GREATEST);
  }
}

function startsWith(prefix: Uint8Array): Formula {
  if (comparable(prefix) < prefix.length) return FALSE;
  const rest = BigInt((IFNAMSIZ - prefix.length) * 8);
  return inSet(between(paddedName(prefix), paddedName(prefix) | ((1n << rest) - 1n)));
}

/** For each length of the name that is long enough: the suffix, and the NUL behind it. */
function endsWith(suffix: Uint8Array): Formula {
  if (comparable(suffix) < suffix.length) return FALSE;
  if (suffix.length === 0) return startsWith(suffix);
  const lengths = Array.from({ length: IFNAMSIZ - suffix.length }, (_, more) => suffix.length + more);
  return or(lengths.map(length => bytesAt(length - suffix.length, Uint8Array.of(...suffix, 0))));
}

function contains(part: Uint8Array): Formula {
  if (comparable(part) < part.length) return FALSE;
  if (part.length === 0) return startsWith(part);
  return or(Array.from({ length: IFNAMSIZ - part.length }, (_, at) => bytesAt(at, part)));
}

/** `accepts` says of each length whether the condition holds of a name so long. */
function lengthIn(accepts: (length: number) => boolean): Formula {
  const runs: { from: number; to: number }[] = [];
  for (let length = 1; length <= LONGEST; length++) {
    if (!accepts(length)) continue;
    const last = runs.at(-1);
    if (last?.to === length - 1) last.to = length;
    else runs.push({ from: length, to: length });
  }
  return or(runs.map(({ from, to }) => and([hasBytes(from), not(hasBytes(to + 1))])));
}

/** Bits start..end (exclusive) of the name, where it has them all. */
function slice(start: number, end: number, asked: PositiveTest): Formula {
  const bytes = Math.ceil(end / 8);
  const shift = IFNAMSIZ * 8 - end;
  const mask = ((1n << BigInt(end - start)) - 1n) << BigInt(Math.max(0, shift));
  if (bytes > LONGEST) return FALSE;
  return lowerNumberTest({ guards: [hasBytes(bytes)], load: IN_IFACE, mask, shift, plus: 0n }, asked);
}

/** Is the name so long or longer? Every name has one byte. */
function hasBytes(count: number): Formula {
  if (count > LONGEST) return FALSE;
  if (count <= 1) return inSet(universe(128));
  const shift = BigInt((IFNAMSIZ - count) * 8);
  return test(IN_IFACE, between(1n << shift, 0xffn << shift), 0xffn << shift);
}

function bytesAt(offset: number, bytes: Uint8Array): Formula {
  const shift = BigInt((IFNAMSIZ - offset - bytes.length) * 8);
  const mask = ((1n << BigInt(bytes.length * 8)) - 1n) << shift;
  return test(IN_IFACE, of(bigEndian(bytes) << shift), mask);
}

function inSet(values: IntervalSet): Formula {
  return values.length === 0 ? FALSE : test(IN_IFACE, values);
}

/** How many bytes of the literal a name can have. */
function comparable(literal: Uint8Array): number {
  const nul = literal.indexOf(0);
  return Math.min(nul === -1 ? literal.length : nul, LONGEST);
}
