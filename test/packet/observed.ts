// The values that each field has in the frames of the tests: what random literals are drawn from, so that comparisons with
// them hold of some packets and not of others.

import type { Value } from '../../src/language/value';
import { ipPacketOf } from '../../src/pcap/link-layer';
import { fieldValues } from './field-values';
import { FRAMES } from './frames';
import { LOOPBACK, RECEIVING } from './interfaces';

/** The packets, in the frames' order. */
export const PACKETS_SEEN: readonly Uint8Array[] = FRAMES.flatMap(frame => {
  const link = ipPacketOf(frame);
  return 'skipped' in link ? [] : [link.packet];
});

const MOST_VALUES = 400;

/** Different values of the field, at most 400, in the packets' order; empty where no packet has the field. */
export function observed(name: string): readonly Value[] {
  return VALUES.get(name) ?? [];
}

const VALUES: ReadonlyMap<string, readonly Value[]> = collect();

function collect(): Map<string, Value[]> {
  const found = new Map<string, Map<string, Value>>();
  for (const [index, packet] of PACKETS_SEEN.entries()) {
    for (const [name, value] of fieldValues(packet, index % 2 === 0 ? LOOPBACK : RECEIVING) ?? []) {
      const values = found.get(name) ?? new Map<string, Value>();
      found.set(name, values);
      if (values.size < MOST_VALUES) values.set(identity(value), value);
    }
  }
  return new Map([...found].map(([name, values]) => [name, [...values.values()]]));
}

function identity(value: Value): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return typeof value === 'object' && 'family' in value ? `${value.family} ${value.value}` : String(value);
}
