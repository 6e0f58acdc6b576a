// Where a segment lies in the model: how long it is, and which bits its bytes are. Payloads are bytes of the transport
// header's region; TCP's by each of the eleven values of its data offset.

import { invariant, unreachable } from '../diagnostic/invariant';
import type { IntervalSet } from '../net/interval-set';
import { IPPROTO_TCP, IPPROTO_UDP, UDP_HEADER } from '../packet/header';
import type { Segment } from '../packet/packet';
import { type Edge, ZERO } from './bdd';
import { constant, within } from './binary';
import {
  ANY_LENGTH,
  bytesOf,
  factOf,
  is,
  isAtLeast,
  l4protoOf,
  lengthWithin,
  type PacketModel,
  type Reading,
  shifted,
} from './model';
import { LENGTH_BITS } from './variable';

const MSS_BYTES = 2n;
const DATA_OFFSETS = Array.from({ length: 11 }, (_, index) => 5 + index);

/** The segment is there, and its length, masked, is in the set. */
export function segmentLengthWithin(model: PacketModel, segment: Segment, values: IntervalSet, mask?: bigint): Edge {
  const d = model.diagrams;
  const isLong = (skipped: number) => lengthWithin(model, 'transport', { skipped, values, mask });
  switch (segment) {
    case 'network':
      return lengthWithin(model, 'behind_header', { skipped: -model.uncounted, values, mask });
    case 'transport':
      return d.and(model.transportFound, isLong(0));
    case 'fragment_header':
      if (model.family === 'ip') return ZERO;
      return d.and(model.fragmentHeaderFound, lengthWithin(model, 'fragment_header', { skipped: 0, values, mask }));
    case 'udp_payload':
      return d.and(isFound(model, IPPROTO_UDP), isLong(UDP_HEADER));
    case 'tcp_mss':
      return d.and(mssFound(model), within(d, constant(MSS_BYTES, LENGTH_BITS), values, mask));
    case 'tcp_payload': {
      const byOffset = DATA_OFFSETS.map(words => d.and(dataOffsetIs(model, words), isLong(words * 4)));
      return d.and(isFound(model, IPPROTO_TCP), d.some(byOffset));
    }
    default:
      return unreachable(segment);
  }
}

/** The segment is there and has so many bytes or more. */
export function segmentHas(model: PacketModel, segment: Segment, bytes: number): Edge {
  return segmentLengthWithin(model, segment, shifted(ANY_LENGTH, bytes));
}

export function readingsFromStart(
  model: PacketModel,
  segment: Segment,
  offset: number,
  length: number,
): readonly Reading[] {
  switch (segment) {
    case 'network':
      return model.networkReadings(offset, length);
    case 'fragment_header':
      return [
        {
          present: segmentHas(model, segment, offset + length),
          bits: bytesOf(model, 'fragment_header', offset, length),
        },
      ];
    case 'transport':
    case 'udp_payload': {
      const start = segment === 'transport' ? offset : offset + UDP_HEADER;
      return [
        {
          present: segmentHas(model, segment, offset + length),
          bits: bytesOf(model, 'transport', start, length),
        },
      ];
    }
    case 'tcp_mss':
      return [{ present: segmentHas(model, segment, offset + length), bits: bytesOf(model, segment, offset, length) }];
    case 'tcp_payload':
      return DATA_OFFSETS.map(words => ({
        present: model.diagrams.every([
          isFound(model, IPPROTO_TCP),
          dataOffsetIs(model, words),
          isAtLeast(model, 'transport', words * 4 + offset + length),
        ]),
        bits: bytesOf(model, 'transport', words * 4 + offset, length),
      }));
    default:
      return unreachable(segment);
  }
}

/** Every segment that anything counts from the end of ends where the packet ends. */
export function readingFromEnd(model: PacketModel, segment: Segment, offset: number, length: number): Reading {
  invariant(segment !== 'tcp_mss', 'the value of an option is read from its start');
  const bits = Array.from({ length }, (_, index) => bytesOf(model, 'end', offset - index, 1)).flat();
  return { present: segmentHas(model, segment, offset), bits };
}

/** Which bytes of the options the walk finds is not modelled: a whole TCP header with options may have any. */
function mssFound(model: PacketModel): Edge {
  const d = model.diagrams;
  const withOptions = DATA_OFFSETS.slice(1).map(words =>
    d.and(dataOffsetIs(model, words), isAtLeast(model, 'transport', words * 4)),
  );
  return d.every([factOf(model, 'tcp_mss_found'), isFound(model, IPPROTO_TCP), d.some(withOptions)]);
}

/** This protocol, with a transport header. */
function isFound(model: PacketModel, protocol: number): Edge {
  return model.diagrams.every([is(model, l4protoOf(model), protocol), model.l4protoFound, model.transportFound]);
}

function dataOffsetIs(model: PacketModel, words: number): Edge {
  return is(model, bytesOf(model, 'transport', 12, 1).slice(0, 4), words);
}
