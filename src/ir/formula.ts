// The intermediate representation: a rule is a boolean formula over tests, and a test says "these bytes of the packet,
// read as one big-endian number, lie in this set of intervals". A test on bytes that the packet does not have is
// false, so absence needs no third truth value: `not`, `and`, `or` and `xor` are the ordinary ones.

import type { RegexNode } from '../language/regex/node';
import type { IntervalSet } from '../net/interval-set';
import type { PacketFamily, Segment } from '../packet/packet';
import type { Dfa } from './automaton/dfa';

export type Formula = Constant | Test | Scan | Not | Junction;

export interface Constant {
  readonly kind: 'constant';
  readonly value: boolean;
}

export interface Test {
  readonly kind: 'test';
  readonly load: Load;
  /** Applied to the loaded number before it is looked up in `values`; undefined keeps every bit. */
  readonly mask: bigint | undefined;
  /** Normalised. The full range of the load is not a tautology but asks whether the bytes are there. */
  readonly values: IntervalSet;
  /** The list that the values came from; it names the kernel's set. */
  readonly list?: string;
}

/** Bytes that an automaton runs over: a segment's, or the name of the interface that the packet came in by. */
export type Scanned = Segment | 'in_iface';

/** Does an automaton accept the bytes? What `contains`, `wildcard` and `matches` become, and the order of long strings. */
export interface Scan {
  readonly kind: 'scan';
  readonly segment: Scanned;
  readonly automaton: Dfa;
  /** What the automaton was made from; undefined for one that no pattern says. */
  readonly pattern: RegexNode | undefined;
  /** For people: 'contains 0x6162'. The same for the same automaton only. */
  readonly description: string;
}

export interface Not {
  readonly kind: 'not';
  readonly operand: Formula;
}

export interface Junction {
  readonly kind: 'and' | 'or' | 'xor';
  readonly operands: readonly Formula[];
}

export type Load =
  | {
      readonly kind: 'bytes';
      readonly segment: Segment;
      /** Which end `offset` counts from: to the first byte, or back from the segment's end. */
      readonly from: 'start' | 'end';
      readonly offset: number;
      /** 0 to 16; 0 reads as the number 0 wherever the segment exists. */
      readonly length: number;
      /** Added to the number read; only IPv6's packet length needs it. */
      readonly plus?: bigint;
    }
  /** Bytes in the segment, a 32-bit number. */
  | { readonly kind: 'length'; readonly segment: Segment }
  | { readonly kind: 'l4proto' }
  /** The name of the interface that the packet came in by, padded with NUL to IFNAMSIZ (16) bytes. */
  | { readonly kind: 'in_iface' };

/** Formulas are made for one family: what only the other one has is already constant. */
export type FormulaByFamily = Readonly<Record<PacketFamily, Formula>>;

export const L4PROTO: Load = { kind: 'l4proto' };

export const TRUE: Constant = { kind: 'constant', value: true };
export const FALSE: Constant = { kind: 'constant', value: false };

/** Bits of the numbers that a load can give. */
export function loadBits(load: Load): number {
  switch (load.kind) {
    case 'bytes':
      return load.length * 8 + (load.plus === undefined ? 0 : 1);
    case 'length':
      return 32;
    case 'l4proto':
      return 8;
    case 'in_iface':
      return 128;
  }
}

export function test(load: Load, values: IntervalSet, mask?: bigint): Test {
  return { kind: 'test', load, mask, values };
}

export function not(operand: Formula): Formula {
  if (operand.kind === 'constant') return operand.value ? FALSE : TRUE;
  return operand.kind === 'not' ? operand.operand : { kind: 'not', operand };
}

/** Flattens, drops neutral operands, and is constant where one operand decides. */
export function and(operands: readonly Formula[]): Formula {
  return junction('and', operands, TRUE, FALSE);
}

export function or(operands: readonly Formula[]): Formula {
  return junction('or', operands, FALSE, TRUE);
}

/** Flattens; constants only turn the result around. */
export function xor(operands: readonly Formula[]): Formula {
  const flat = operands.flatMap(operand => (operand.kind === 'xor' ? operand.operands : [operand]));
  const odd = flat.filter(operand => operand.kind === 'constant' && operand.value).length % 2 === 1;
  const rest = flat.filter(operand => operand.kind !== 'constant');
  const [first] = rest;
  const parity: Formula = first === undefined ? FALSE : rest.length === 1 ? first : { kind: 'xor', operands: rest };
  return odd ? not(parity) : parity;
}

function junction(kind: 'and' | 'or', operands: readonly Formula[], neutral: Constant, deciding: Constant): Formula {
  if (operands.length > 1 && operands.every(operand => operand.kind !== kind && operand.kind !== 'constant')) {
    return { kind, operands };
  }
  const flat = operands.flatMap(operand => (operand.kind === kind ? operand.operands : [operand]));
  if (flat.some(operand => operand.kind === 'constant' && operand.value === deciding.value)) return deciding;
  const rest = flat.filter(operand => operand.kind !== 'constant');
  const [first] = rest;
  if (first === undefined) return neutral;
  return rest.length === 1 ? first : { kind, operands: rest };
}
