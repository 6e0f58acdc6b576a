// What a classifier's tables say of a packet, read as the program reads them: for tests, and for whoever wants to know
// without a kernel.

import { holds, read } from '../ir/evaluate';
import type { Formula } from '../ir/formula';
import type { Packet } from '../packet/packet';
import { type Classifier, type DimensionTables, OUTCOME, type SearchTables } from './classifier';
import { takes } from './rows';
import type { DimensionShape, SearchDimension } from './shape';

export interface Classified {
  readonly verdict: 'drop' | 'pass';
  /** Position of the rule that decided. */
  readonly rule: number | undefined;
  /** Positions of the logging rules that the packet met before, in order. */
  readonly logged: readonly number[];
}

export function interpret({ shape, tables }: Classifier, packet: Packet): Classified {
  const rows = shape.dimensions.map((dimension, index) => {
    const own = tables.dimensions[index] as DimensionTables;
    return { own, row: classOf(dimension, own, packet) };
  });
  const logged = new Set<number>();
  for (let entry = 0; entry < tables.entries; entry++) {
    if (!rows.every(({ own, row }) => takes(own, shape, row, entry))) continue;
    const test = tables.test[entry] as number;
    if (test > 0 && !holds(shape.tests[test - 1] as Formula, packet)) continue;
    const rule = tables.rule[entry] as number;
    const outcome = tables.outcome[entry];
    if (outcome !== OUTCOME.log)
      return { verdict: outcome === OUTCOME.drop ? 'drop' : 'pass', rule, logged: [...logged] };
    logged.add(rule);
  }
  return { verdict: 'pass', rule: undefined, logged: [...logged] };
}

/** 0 where the packet does not have the bytes. */
export function classOf(shape: DimensionShape, tables: DimensionTables, packet: Packet): number {
  const whole = read(shape.load, packet);
  if (whole === undefined) return 0;
  const number = shape.mask === undefined ? whole : whole & shape.mask;
  if (tables.kind === 'direct') return tables.cells[Number(number)] as number;
  return tables.classOf[intervalOf(shape as SearchDimension, tables, number)] as number;
}

/** The last interval that does not begin above the number, found by halving as the program does. */
export function intervalOf({ bits, bucketBits, steps }: SearchDimension, tables: SearchTables, number: bigint): number {
  let interval = bucketBits === 0 ? 0 : (tables.buckets[Number(number >> BigInt(bits - bucketBits))] as number);
  for (let step = 2 ** (steps - 1); step >= 1; step /= 2) {
    if (startAt(tables, interval + step) <= number) interval += step;
  }
  return interval;
}

export function startAt({ starts, classOf }: SearchTables, interval: number): bigint {
  if (starts.length < classOf.length) return BigInt(starts[interval] as number | bigint);
  return ((starts[2 * interval] as bigint) << 64n) | (starts[2 * interval + 1] as bigint);
}
