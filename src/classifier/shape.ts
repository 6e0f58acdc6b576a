// The shape of a classifier: everything that its program's text and its maps' sizes depend on. Capacities are rounded up,
// so that policies that differ a little have one shape, and so one program. Offsets are bytes into a slot of the tables.

import type { Formula, Load } from '../ir/formula';
import type { PacketFamily } from '../packet/packet';

export interface Shape {
  readonly family: PacketFamily;
  readonly dimensions: readonly DimensionShape[];
  /** Opaque tests, by number: what no dimension can say. */
  readonly tests: readonly Formula[];
  /** Words of 64 bits, a bit for each entry. */
  readonly entryWords: number;
  /** Words of 64 bits, a bit for each entry word. They stand at the beginning of each row. */
  readonly summaryWords: number;
  /** Words of 64 bits in a block of a row. */
  readonly blockWords: number;
  /** Logging rules, rounded up to words of 64 bits; 0: no rule logs, and there is no memo map. */
  readonly loggingWords: number;
  /** Elements of the map of counters at the least; there may be more. */
  readonly counters: number;
  /** Records for 64 * 64 * summaryWords entries: u32 counter or logging number, u16 test + 1 or 0, u8 outcome, u8 0. */
  readonly entriesAt: number;
  /** u32 counter of each logging rule, by its logging number. */
  readonly loggingAt: number;
  readonly slotBytes: number;
}

export type DimensionShape = DirectDimension | SearchDimension;

interface Dimension {
  readonly load: Load;
  readonly mask: bigint | undefined;
  /** Capacity. Class 0 is that of packets that do not have the bytes. */
  readonly classes: number;
  /** A row of rowBytes() for each class: its summary and a u16 for each block, its number. */
  readonly rowsAt: number;
  /** Capacity, a power of two. */
  readonly blocks: number;
  readonly blocksAt: number;
}

/** At most 16 bits: a u16 class for each number, then 0, the class of absent bytes. */
export interface DirectDimension extends Dimension {
  readonly kind: 'direct';
  readonly bits: number;
  readonly cellsAt: number;
}

/** A sorted array of the first numbers of intervals, searched from where the number's top bits say. */
export interface SearchDimension extends Dimension {
  readonly kind: 'search';
  readonly bits: number;
  /** Of one start in the array; 16 are two halves, the high one first, each in the machine's order. */
  readonly startBytes: 4 | 8 | 16;
  /** Capacity, 2 ** steps fillers at the end not counted. */
  readonly starts: number;
  /** Top bits that choose a bucket; 0: there are no buckets. */
  readonly bucketBits: number;
  /** Halvings: a bucket has less than 2 ** steps starts. */
  readonly steps: number;
  /** u32 for each bucket: the interval that its first number lies in. */
  readonly bucketsAt: number;
  readonly startsAt: number;
  /** u16 class of each interval and filler, then 0, the class of absent bytes. */
  readonly classOfAt: number;
}
