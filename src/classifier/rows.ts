// Rows as they lie in a slot. Most rows differ from one another in a few places, so their words are kept in blocks, equal
// ones once: a row is its summary (a bit for each of its words that is not 0) and the number of each of its blocks.

import type { DimensionTables } from './classifier';

export interface RowShape {
  readonly summaryWords: number;
  readonly entryWords: number;
}

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

/**
 * The rows found so far, and the one that a sweep is at. From one row to the next few entries come or go, so only the
 * blocks that they are in are looked at.
 */
export class Rows {
  count = 0;
  /** Why there is no room for the row. */
  full: 'classes' | 'blocks' | undefined;
  readonly #shape: BlockShape;
  readonly #most: number;
  /** Bits of the present row, in whole blocks. */
  readonly #here: Uint32Array;
  /** The present row as it will lie in a slot, and the rows found. */
  readonly #row: Uint16Array;
  readonly #rows: Uint16Array;
  readonly #blocks: Blocks;
  readonly #touched: number[];
  readonly #isTouched: Uint8Array;
  readonly #known = new Map<number, number>();
  #low = 0;
  #high = 0;

  /** `entries` are those that are in the first row, of 32 a word; no more than `most` rows are found. */
  constructor(shape: BlockShape, most: number, entries: Uint32Array) {
    const blocks = blocksOfRow(shape);
    this.#shape = shape;
    this.#most = most;
    this.#here = new Uint32Array(2 * shape.blockWords * blocks);
    this.#here.set(entries);
    this.#row = new Uint16Array(rowBytes(shape) / 2);
    this.#rows = new Uint16Array(this.#row.length * most);
    this.#blocks = new Blocks(2 * shape.blockWords);
    this.#touched = Array.from({ length: blocks }, (_, block) => block);
    this.#isTouched = new Uint8Array(blocks).fill(1);
  }

  toggle(entry: number): void {
    this.#here[entry >>> 5] = (this.#here[entry >>> 5] as number) ^ (1 << (entry & 31));
    this.#low ^= mixed(entry);
    this.#high ^= mixed(~entry);
    const block = Math.floor((entry >>> 6) / this.#shape.blockWords);
    if (this.#isTouched[block] === 1) return;
    this.#isTouched[block] = 1;
    this.#touched.push(block);
  }

  /** The class of the row as it is now; a new one where no interval has had it. undefined where it is full. */
  classHere(): number | undefined {
    for (const block of this.#touched) this.#look(block);
    this.#touched.length = 0;
    if (this.full !== undefined) return undefined;
    // 21 bits and 32: what a double holds exactly. What the hash takes for equal is compared. The first row is that of
    // absence, which changes of one rule tell from numbers: no interval gets its class.
    const hash = (this.#high & 0x1fffff) * 2 ** 32 + (this.#low >>> 0);
    const known = this.#known.get(hash);
    if (known !== undefined && known > 0 && this.#isHere(known)) return known;
    if (this.count === this.#most) {
      this.full = 'classes';
      return undefined;
    }
    this.#rows.set(this.#row, this.count * this.#row.length);
    this.#known.set(hash, this.count);
    return this.count++;
  }

  packed(): PackedRows {
    const rows = this.#rows.subarray(0, this.count * this.#row.length);
    return { rows, blocks: this.#blocks.blocks, blockCount: this.#blocks.count };
  }

  /** The number of the block as it is now, and the summary of its words. */
  #look(block: number): void {
    const { summaryWords, entryWords, blockWords } = this.#shape;
    this.#isTouched[block] = 0;
    const from = 2 * blockWords * block;
    const number = this.#blocks.numberOf(this.#here, from, from + 2 * blockWords);
    if (number === MOST_BLOCKS) this.full = 'blocks';
    this.#row[4 * summaryWords + block] = number;
    const end = Math.min(entryWords, blockWords * (block + 1));
    for (let word = blockWords * block; word < end; word++) {
      const bit = 1 << (word & 15);
      const others = (this.#row[word >>> 4] as number) & ~bit;
      this.#row[word >>> 4] = this.#here[2 * word] === 0 && this.#here[2 * word + 1] === 0 ? others : others | bit;
    }
  }

  #isHere(row: number): boolean {
    const at = row * this.#row.length;
    for (let i = 0; i < this.#row.length; i++) if (this.#row[i] !== this.#rows[at + i]) return false;
    return true;
  }
}

/** A hash of 32 bits (the finalizer of MurmurHash3). */
function mixed(entry: number): number {
  let hash = Math.imul(entry ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
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
