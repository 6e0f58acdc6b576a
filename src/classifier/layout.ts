// Where everything lies in a slot, and how much room there is for more than there is now.

import { MOST_BLOCKS, rowBytes } from './rows';
import type { DimensionShape, DirectDimension, SearchDimension, Shape } from './shape';

/** What has to fit. */
export interface Need
  extends Pick<Shape, 'family' | 'tests' | 'entryWords' | 'blockWords' | 'loggingWords' | 'counters'> {
  readonly dimensions: readonly DimensionNeed[];
}

type Placed = 'rowsAt' | 'blocksAt' | 'cellsAt' | 'bucketsAt' | 'startsAt' | 'classOfAt';
export type DimensionNeed = Omit<DirectDimension, Placed> | Omit<SearchDimension, Placed>;

const CACHE_LINE = 64;
const RECORD_BYTES = 8;

export function layOut(need: Need): Shape {
  const { entryWords, blockWords, loggingWords } = need;
  const summaryWords = summaryWordsFor(entryWords);
  const row = rowBytes({ summaryWords, entryWords, blockWords });
  let end = 0;
  const place = (bytes: number) => {
    const at = end;
    end = Math.ceil((at + bytes) / CACHE_LINE) * CACHE_LINE;
    return at;
  };
  const dimensions = need.dimensions.map((dimension): DimensionShape => {
    if (dimension.kind === 'direct') {
      return {
        ...dimension,
        cellsAt: place((2 ** dimension.bits + 1) * 2),
        rowsAt: place(dimension.classes * row),
        blocksAt: place(dimension.blocks * blockWords * 8),
      };
    }
    const length = dimension.starts + 2 ** dimension.steps;
    return {
      ...dimension,
      bucketsAt: place(dimension.bucketBits === 0 ? 0 : 2 ** dimension.bucketBits * 4),
      startsAt: place(length * dimension.startBytes),
      classOfAt: place((length + 1) * 2),
      rowsAt: place(dimension.classes * row),
      blocksAt: place(dimension.blocks * blockWords * 8),
    };
  });
  // As many as summaries can name: no index has to be checked.
  const entriesAt = place(summaryWords * 64 * 64 * RECORD_BYTES);
  const loggingAt = place(loggingWords * 64 * 4);
  return { ...need, summaryWords, dimensions, entriesAt, loggingAt, slotBytes: end };
}

export function summaryWordsFor(entryWords: number): number {
  return Math.ceil(entryWords / 64);
}

/** So many and some more, in steps of an eighth: counts that differ a little get the same room. */
export function roomFor(count: number, least = 16): number {
  const wanted = count + Math.max(least, Math.ceil(count / 16));
  const step = Math.max(1, least / 2, 2 ** (Math.floor(Math.log2(wanted)) - 3));
  return Math.ceil(wanted / step) * step;
}

/** For those of some more rows at the least. A power of two: a number is masked, not checked. */
export function roomForBlocks(count: number, blocksOfRow: number): number {
  return Math.min(MOST_BLOCKS, 2 ** Math.ceil(Math.log2(count + Math.max(16 * blocksOfRow, count >>> 3))));
}

/** Rows are made of these. Room for more entries is not worth another summary word. */
export function entryWordsFor(entries: number): number {
  const words = Math.ceil(entries / 64);
  return Math.min(roomFor(words, 1), 64 * summaryWordsFor(words));
}

/** Whether all of it has room in the shape. */
export function fits(need: Need, shape: Shape): boolean {
  return (
    need.family === shape.family &&
    need.tests.length === shape.tests.length &&
    need.entryWords <= shape.entryWords &&
    need.blockWords === shape.blockWords &&
    need.loggingWords <= shape.loggingWords &&
    (need.loggingWords === 0) === (shape.loggingWords === 0) &&
    need.counters <= shape.counters &&
    need.dimensions.length === shape.dimensions.length &&
    need.dimensions.every((dimension, index) => dimensionFits(dimension, shape.dimensions[index] as DimensionShape))
  );
}

function dimensionFits(need: DimensionNeed, shape: DimensionShape): boolean {
  if (need.classes > shape.classes || need.blocks > shape.blocks) return false;
  if (need.kind === 'direct' || shape.kind === 'direct') return true;
  return need.starts <= shape.starts && need.steps <= shape.steps;
}
