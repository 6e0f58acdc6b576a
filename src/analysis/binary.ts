// What is said about binary numbers as diagrams: in a set of intervals, equal, less, a sum. A number is the list of its
// bits, the most significant first, each bit a diagram itself.

import type { IntervalSet } from '../net/interval-set';
import { type Diagrams, type Edge, ONE, ZERO } from './bdd';

export type Bits = readonly Edge[];

/** The number, masked, is in the set. The work is the set's size times the number's bits. */
export function within(d: Diagrams, bits: Bits, values: IntervalSet, mask?: bigint): Edge {
  const build = (depth: number, base: bigint, first: number): Edge => {
    const top = base + (1n << BigInt(bits.length - depth)) - 1n;
    let index = first;
    for (let each = values[index]; each !== undefined && each.to < base; each = values[index]) index++;
    const interval = values[index];
    if (interval === undefined || interval.from > top) return ZERO;
    if (interval.from <= base && interval.to >= top) return ONE;
    const half = 1n << BigInt(bits.length - depth - 1);
    const low = build(depth + 1, base, index);
    // A bit that the mask takes away reads as zero.
    if (mask !== undefined && (mask & half) === 0n) return low;
    return d.choose(bits[depth] as Edge, low, build(depth + 1, base + half, index));
  };
  return build(0, 0n, 0);
}

export function equal(d: Diagrams, a: Bits, b: Bits): Edge {
  return a.reduceRight((all, bit, index) => d.and(all, d.not(d.xor(bit, b[index] as Edge))), ONE);
}

export function less(d: Diagrams, a: Bits, b: Bits): Edge {
  return a.reduceRight((below, bit, index) => {
    const other = b[index] as Edge;
    return d.or(d.minus(other, bit), d.minus(below, d.xor(bit, other)));
  }, ZERO);
}

/** The sum, without what is carried out of the highest bit. Both numbers have as many bits. */
export function sum(d: Diagrams, a: Bits, b: Bits): Edge[] {
  let carry = ZERO;
  return a
    .map((bit, index) => ({ bit, other: b[index] as Edge }))
    .reduceRight<Edge[]>((bits, { bit, other }) => {
      bits.push(d.xor(carry, d.xor(bit, other)));
      carry = d.choose(carry, d.and(bit, other), d.or(bit, other));
      return bits;
    }, [])
    .reverse();
}

export function constant(value: bigint, width: number): Edge[] {
  return Array.from({ length: width }, (_, index) => ((value >> BigInt(width - 1 - index)) & 1n ? ONE : ZERO));
}

/** As many bits, with zeros before them. */
export function widened(bits: Bits, width: number): Edge[] {
  return [...Array<Edge>(width - bits.length).fill(ZERO), ...bits];
}
