// A bit-vector classifier: ordered rules of one family as tables for one program. Each dimension (a load) turns its number
// into a class; each class has a row of bits, one for each entry; the first bit that all rows have is the entry that the
// packet meets. An entry is one product of a rule's formula; the entries of a rule are neighbours, in the rules' order.

import type { Shape } from './shape';

export interface Classifier {
  readonly shape: Shape;
  readonly tables: Tables;
  /** changeClassifier() works on the tables themselves: a classifier whose revision is not theirs has been used up. */
  readonly revision: number;
}

export interface Tables {
  revision: number;
  /** Rules that the classifier was built from; an entry names its rule by the place in them. */
  readonly rules: number;
  readonly entries: number;
  /** By entry: position of its rule. */
  readonly rule: Uint32Array;
  /** By entry: OUTCOME of its rule. */
  readonly outcome: Uint8Array;
  /** By entry: number of its opaque test + 1; 0 where it has none. */
  readonly test: Uint16Array;
  /** By entry: number among the logging rules, where it is of one. */
  readonly logging: Uint32Array;
  /** Position of each logging rule, by its number. */
  readonly loggingRules: readonly number[];
  readonly dimensions: readonly DimensionTables[];
  /** The rest of a slot as it is to lie in the map, ascending; what no section covers is never read. */
  readonly sections: readonly Section[];
}

/** One dimension's tables; typed arrays as long as the shape's capacities, zero where nothing is yet. */
export type DimensionTables = DirectTables | SearchTables;

interface AnyTables {
  /** In use. */
  classes: number;
  /** Of each class rowBytes(): four u16 for each summary word, the low one first, then the numbers of its blocks. */
  readonly rows: Uint16Array;
  /** Two u32 for each word of 64 bits, the low one first. */
  readonly blocks: Uint32Array;
  /** Given out. */
  blockCount: number;
  /** Of those some that no row has any more. */
  freeBlocks: number[];
  /** By class, how many cells or intervals are of it; undefined until a change has to know. */
  members: Uint32Array | undefined;
}

export interface DirectTables extends AnyTables {
  readonly kind: 'direct';
  readonly cells: Uint16Array;
}

export interface SearchTables extends AnyTables {
  readonly kind: 'search';
  /** Intervals in use. What stands behind them repeats the last one. */
  intervals: number;
  /** Of 16 bytes: the high half and then the low one. */
  readonly starts: Uint32Array | BigUint64Array;
  readonly classOf: Uint16Array;
  readonly buckets: Uint32Array;
}

export interface Section {
  /** Bytes into the slot. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** What an entry does when it is met: go on to accept, drop, or be noted and go on to the next entry. */
export const OUTCOME = { pass: 0, drop: 1, log: 2 } as const;

export interface Limits {
  /** Of one slot; there are two. */
  readonly slotBytes: number;
  readonly entries: number;
  readonly dimensions: number;
  /** Of one rule. */
  readonly products: number;
  readonly tests: number;
}

export const DEFAULT_LIMITS: Limits = {
  slotBytes: 64 * 1024 * 1024,
  entries: 65_536,
  dimensions: 12,
  products: 16,
  tests: 256,
};

/** Why the rules cannot be one classifier, in words that end a sentence. */
export interface Refused {
  readonly refused: string;
}

/** What changeClassifier() did to the tables, for a writer that has a copy of them. */
export interface Change {
  readonly classifier: Classifier;
  /** Bytes of a slot that differ: offset and length in turn, ascending. */
  readonly ranges: Uint32Array;
  /** Entries whose records differ: they are the changed rule's. */
  readonly entries: { readonly first: number; readonly count: number };
}
