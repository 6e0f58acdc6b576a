// bit_slice(Bytes, literal Int start, literal Int end) → Int: the bits from start up to, not including, end, counted
// from the first byte's highest bit; the first bit is the result's highest. Missing when the bytes end before.

import { BYTES, INT } from '../type';
import { bytesArgument, type FunctionDefinition, intArgument } from './definition';

/** The documented limits of the product whose rules these are. */
const WIDEST = 32n;
const FARTHEST = 2040n;

export const BIT_SLICE: FunctionDefinition = {
  signature: {
    name: 'bit_slice',
    parameters: [
      { kind: 'Field', type: BYTES },
      { kind: 'Literal', type: INT },
      { kind: 'Literal', type: INT },
    ],
    returns: INT,
    checkLiterals: ([, start, end]) => {
      if (typeof start !== 'bigint' || typeof end !== 'bigint') return undefined;
      if (start < 0n || start > FARTHEST) return { index: 1, problem: `a bit offset is from 0 to ${FARTHEST}` };
      if (end < 0n || end > FARTHEST) return { index: 2, problem: `a bit offset is from 0 to ${FARTHEST}` };
      if (end <= start) return { index: 2, problem: 'the end comes after the start' };
      return end - start > WIDEST ? { index: 2, problem: `a slice has at most ${WIDEST} bits` } : undefined;
    },
  },
  execute: ([bytes, start, end]) => {
    const from = intArgument(start);
    const to = intArgument(end);
    const data = bytesArgument(bytes);
    if (data === undefined || from === undefined || to === undefined || to > BigInt(data.length) * 8n) return undefined;
    let slice = 0n;
    for (let bit = Number(from); bit < Number(to); bit++) {
      slice = (slice << 1n) | BigInt(((data[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
    }
    return slice;
  },
};
