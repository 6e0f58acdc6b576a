// Rows as they lie in a slot. Most rows differ from one another in a few places, so their words are kept in blocks, equal
// ones once: a row is its summary (a bit for each of its words that is not 0) and the number of each of its blocks.

import type { DimensionTables } from './classifier';
import { type RowShape, rowWords } from './sweep';

export interface BlockShape extends RowShape {
  /** Words of 64 bits in a block. */
  readonly blockWords: number;
}

/** At first. */
export const BLOCK_WORDS = 8;
/** A number of a block is a u16. */
export const MOST_BLOCKS = 0x10000;

const CACHE_LINE = 64;

export interface PackedRows {
  /** Of each row four u16 for each summary word, the low one first, then the numbers of its blocks. */
  readonly rows: Uint16Array;
  /** Two u32 for each word, the low one first; has room for more. */
  readonly blocks: Uint32Array;
  readonly blockCount: number;
}

/** In a power of two or whole cache lines, so that a short row lies in one. */
export function rowBytes(shape: BlockShape): number {
  const bytes = 8 * shape.summaryWords + 2 * blocksOfRow(shape);
  return bytes > CACHE_LINE ? Math.ceil(bytes / CACHE_LINE) * CACHE_LINE : 2 ** Math.ceil(Math.log2(bytes));
}

export function blocksOfRow({ entryWords, blockWords }: Pick<BlockShape, 'entryWords' | 'blockWords'>): number {
  return Math.ceil(entryWords / blockWords);
}

/** Rows as a sweep has them; undefined where they have more blocks than numbers can name. */
export function packRows(whole: Uint32Array, count: number, shape: BlockShape): PackedRows | undefined {
  const stride = rowBytes(shape) / 2;
  const { summaryWords, entryWords, blockWords } = shape;
  const rows = new Uint16Array(stride * count);
  const summaries = new Uint16Array(whole.buffer, whole.byteOffset, whole.length * 2);
  const blocks = new Blocks(2 * blockWords);
  for (let row = 0; row < count; row++) {
    const at = row * rowWords(shape);
    rows.set(summaries.subarray(4 * at, 4 * (at + summaryWords)), row * stride);
    const first = 2 * (at + summaryWords);
    const end = first + 2 * entryWords;
    for (let block = 0; block < blocksOfRow(shape); block++) {
      const from = first + 2 * blockWords * block;
      const number = blocks.numberOf(whole, from, Math.min(from + 2 * blockWords, end));
      if (number === MOST_BLOCKS) return undefined;
      rows[row * stride + 4 * summaryWords + block] = number;
    }
  }
  return { rows, blocks: blocks.blocks, blockCount: blocks.count };
}

/** Blocks found so far. */
export class Blocks {
  blocks: Uint32Array;
  count = 0;
  readonly #length: number;
  readonly #known = new Map<number, number[]>();

  constructor(length: number) {
    this.#length = length;
    this.blocks = new Uint32Array(256 * length);
  }

  /** The same for the same words; what is missing at the end is 0. */
  numberOf(words: Uint32Array, from: number, to: number): number {
    const hash = hashOf(words, from, to);
    const alike = this.#known.get(hash);
    const known = alike?.find(number => this.#isThere(number, words, from, to));
    if (known !== undefined) return known;
    const number = this.count++;
    if (this.blocks.length < this.count * this.#length) this.#grow();
    this.blocks.set(words.subarray(from, to), number * this.#length);
    if (alike === undefined) this.#known.set(hash, [number]);
    else alike.push(number);
    return number;
  }

  #isThere(number: number, words: Uint32Array, from: number, to: number): boolean {
    const at = number * this.#length;
    for (let i = 0; i < this.#length; i++) {
      if (this.blocks[at + i] !== (from + i < to ? words[from + i] : 0)) return false;
    }
    return true;
  }

  #grow(): void {
    const longer = new Uint32Array(2 * this.blocks.length);
    longer.set(this.blocks);
    this.blocks = longer;
  }
}

/** 0 for words that are all 0: as long blocks and short ones at the end are. */
function hashOf(words: Uint32Array, from: number, to: number): number {
  let hash = 0;
  for (let i = from; i < to; i++) {
    const word = words[i] as number;
    if (word === 0) continue;
    hash = Math.imul((hash ^ Math.imul(word, 0x85ebca6b)) + i - from, 0xc2b2ae35);
    hash ^= hash >>> 15;
  }
  return hash;
}

/** Whether a class takes an entry. */
export function takes({ rows, blocks }: DimensionTables, shape: BlockShape, row: number, entry: number): boolean {
  const { first, step } = numbersOf(shape, entry);
  const number = rows[first + row * step] as number;
  return (((blocks[halfAt(shape, number, entry)] as number) >>> (entry & 31)) & 1) === 1;
}

/** Where among the u16 of rows they have the number of the block that the entry is in: of row 0, and on to the next. */
export function numbersOf(shape: BlockShape, entry: number): { readonly first: number; readonly step: number } {
  const { summaryWords, blockWords } = shape;
  return { first: 4 * summaryWords + Math.floor((entry >>> 6) / blockWords), step: rowBytes(shape) / 2 };
}

/** Place among the u32 of blocks of the half word that the entry is in. */
export function halfAt({ blockWords }: BlockShape, number: number, entry: number): number {
  return 2 * (number * blockWords + ((entry >>> 6) % blockWords)) + ((entry >>> 5) & 1);
}
