// Conditions on byte strings, payloads and raw headers, and on functions of them. The arithmetic is in bytes.ts.

import { defect, invariant } from '../diagnostic/invariant';
import type { Span } from '../diagnostic/span';
import { lowerAnchored } from './anchored';
import { anchoredLiterals } from './automaton/anchored-literals';
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
import type { Formula } from './formula';
import { lowerNumberTest, wholeNumber } from './number';
import type { PacketCall } from './packet-call';
import { lowerScan, patternOf, type ScanContext } from './scan';

/** What the function of the bytes is compared with; `asked` is of a type that the function returns. */
export function lowerByteCall(bytes: PacketBytes, call: PacketCall, asked: PositiveTest): Formula {
  switch (call.kind) {
    case 'starts_with':
      return startsWith(bytes, call.prefix);
    case 'ends_with':
      return endsWith(bytes, call.suffix);
    case 'len':
      return lowerNumberTest(wholeNumber(bytes.guards, lengthOf(bytes)), asked);
    case 'bit_slice':
      return lowerBitSlice(bytes, call.start, call.end, asked);
  }
}

function lowerBitSlice(bytes: PacketBytes, start: number, end: number, asked: PositiveTest): Formula {
  const firstByte = Math.floor(start / 8);
  const endByte = Math.ceil(end / 8);
  const { guards, load } = windowOf(bytes, firstByte, endByte - firstByte);
  const shift = endByte * 8 - end;
  const mask = ((1n << BigInt(end - start)) - 1n) << BigInt(shift);
  const whole = mask === (1n << BigInt((endByte - firstByte) * 8)) - 1n;
  return lowerNumberTest({ guards, load, mask: whole ? undefined : mask, shift, plus: 0n }, asked);
}

export function lowerBytesTest(bytes: PacketBytes, asked: PositiveTest, span: Span, context: ScanContext): Formula {
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
      // Nothing is contained in every value that is there.
      if (asked.right.value.length === 0) return startsWith(bytes, asked.right.value);
      return lowerScan(bytes, asked, span, context);
    case 'matches':
    case 'wildcard': {
      const anchored = anchoredLiterals(patternOf(asked));
      return anchored === undefined ? lowerScan(bytes, asked, span, context) : lowerAnchored(bytes, anchored);
    }
    default:
      return defect(`check() let ${asked.kind} pass on bytes`);
  }
}
