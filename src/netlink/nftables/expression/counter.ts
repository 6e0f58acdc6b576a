// counter: counts the packets and bytes that come this far in the rule. A rule sent with numbers starts from them.
// `counter` is [ counter pkts 0 bytes 0 ].

import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { present } from '../../present';

export const NFTA_COUNTER_BYTES = 1;
export const NFTA_COUNTER_PACKETS = 2;

export interface CounterExpression {
  readonly kind: 'counter';
  readonly packets?: bigint;
  readonly bytes?: bigint;
}

export interface CounterValues {
  readonly packets?: bigint;
  readonly bytes?: bigint;
}

export function encodeCounter(writer: AttributeWriter, counter: CounterValues): void {
  if (counter.bytes !== undefined) writer.u64be(NFTA_COUNTER_BYTES, counter.bytes);
  if (counter.packets !== undefined) writer.u64be(NFTA_COUNTER_PACKETS, counter.packets);
}

export function decodeCounter(attributes: Attributes): CounterExpression {
  return { kind: 'counter', ...decodeCounterValues(attributes) };
}

/** Also the state of a named counter (object.ts), which has the same attributes. */
export function decodeCounterValues(attributes: Attributes): CounterValues {
  return present({ bytes: attributes.u64be(NFTA_COUNTER_BYTES), packets: attributes.u64be(NFTA_COUNTER_PACKETS) });
}
