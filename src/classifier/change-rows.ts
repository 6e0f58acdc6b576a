// One entry's bit in the rows of one dimension set anew, in place. Blocks that many rows have are divided where they differ
// from now on; where there is no room for that, blocks that have become equal are made one first.

import { invariant } from '../diagnostic/invariant';
import type { ChangingColumn } from './changing-column';
import { Blocks, blocksOfRow, halfAt, numbersOf } from './rows';

/** What rows want of a bit, or what it is. */
const SET = 1;
const CLEAR = 2;
const BOTH = SET | CLEAR;

/**
 * `wanted` has 1 for each row that is to take the entry. A block all of whose rows want the same is changed in place; of
 * another those that want it otherwise than it is get a copy. False where there is no room for it.
 */
export function setBits(column: ChangingColumn, entry: number, wanted: Uint8Array): boolean {
  let wants = wantsOf(column, entry, wanted);
  if (!hasRoom(column, wants)) {
    mergeBlocks(column);
    wants = wantsOf(column, entry, wanted);
    if (!hasRoom(column, wants)) return false;
  }
  divideBlocks(column, entry, wanted, wants);
  for (const [number, want] of wants.entries()) {
    if (want !== 0 && want !== BOTH && want !== stateOf(column, number, entry)) flip(column, number, entry);
  }
  summariseWord(column, entry);
  return true;
}

/** By block: what rows want that have it; 0 where none has. */
function wantsOf({ shape, rows: rowShape, tables }: ChangingColumn, entry: number, wanted: Uint8Array): Uint8Array {
  const { rows, classes } = tables;
  const { first, step } = numbersOf(rowShape, entry);
  const wants = new Uint8Array(shape.blocks);
  for (let row = 0; row < classes; row++) {
    const number = rows[first + row * step] as number;
    wants[number] = (wants[number] as number) | (wanted[row] === 1 ? SET : CLEAR);
  }
  return wants;
}

function hasRoom({ shape, tables }: ChangingColumn, wants: Uint8Array): boolean {
  const copies = wants.reduce((count, want) => (want === BOTH ? count + 1 : count), 0);
  return copies <= shape.blocks - tables.blockCount + tables.freeBlocks.length;
}

function divideBlocks(column: ChangingColumn, entry: number, wanted: Uint8Array, wants: Uint8Array): void {
  const { rows, classes } = column.tables;
  const { first, step } = numbersOf(column.rows, entry);
  const copies = new Map<number, number>();
  for (let row = 0; row < classes; row++) {
    const at = first + row * step;
    const number = rows[at] as number;
    if (wants[number] !== BOTH || stateOf(column, number, entry) === (wanted[row] === 1 ? SET : CLEAR)) continue;
    const copy = copies.get(number) ?? copyFlipped(column, number, entry);
    copies.set(number, copy);
    rows[at] = copy;
    column.changed.add(column.shape.rowsAt + 2 * at, 2);
  }
}

function stateOf({ rows, tables }: ChangingColumn, number: number, entry: number): typeof SET | typeof CLEAR {
  return ((tables.blocks[halfAt(rows, number, entry)] as number) >>> (entry & 31)) & 1 ? SET : CLEAR;
}

function flip({ shape, rows, tables, changed }: ChangingColumn, number: number, entry: number): void {
  const half = halfAt(rows, number, entry);
  tables.blocks[half] = (tables.blocks[half] as number) ^ (1 << (entry & 31));
  changed.add(shape.blocksAt + 4 * half, 4);
}

/** A new block like another but for the entry's bit. */
function copyFlipped(column: ChangingColumn, number: number, entry: number): number {
  const { shape, rows, tables, changed } = column;
  const length = 2 * rows.blockWords;
  const copy = tables.freeBlocks.pop() ?? tables.blockCount++;
  invariant(copy < shape.blocks, 'there was room for all copies');
  tables.blocks.copyWithin(copy * length, number * length, (number + 1) * length);
  changed.add(shape.blocksAt + 4 * copy * length, 4 * length);
  flip(column, copy, entry);
  return copy;
}

/** Rows get the first of the blocks that are equal; those that no row has any more are free. */
function mergeBlocks({ shape, rows: rowShape, tables, changed }: ChangingColumn): void {
  const length = 2 * rowShape.blockWords;
  const found = new Blocks(length);
  const firsts: number[] = [];
  const firstLike = Uint16Array.from({ length: tables.blockCount }, (_, number) => {
    const like = found.numberOf(tables.blocks, number * length, (number + 1) * length);
    firsts[like] ??= number;
    return firsts[like];
  });
  const used = new Uint8Array(tables.blockCount);
  const { first, step } = numbersOf(rowShape, 0);
  for (let row = 0; row < tables.classes; row++) {
    for (let at = first + row * step, end = at + blocksOfRow(rowShape); at < end; at++) {
      const number = tables.rows[at] as number;
      const like = firstLike[number] as number;
      used[like] = 1;
      if (like === number) continue;
      tables.rows[at] = like;
      changed.add(shape.rowsAt + 2 * at, 2);
    }
  }
  tables.freeBlocks = Array.from(used.keys()).filter(number => used[number] === 0);
}

/** The summaries' bit for the word that the entry is in. */
function summariseWord({ shape, rows, tables, changed }: ChangingColumn, entry: number): void {
  const { first, step } = numbersOf(rows, entry);
  const word = entry >>> 6;
  const bit = 1 << (word & 15);
  for (let row = 0; row < tables.classes; row++) {
    const low = halfAt(rows, tables.rows[first + row * step] as number, entry & ~63);
    const any = tables.blocks[low] !== 0 || tables.blocks[low + 1] !== 0;
    const at = row * step + (word >>> 4);
    if (any === (((tables.rows[at] as number) & bit) !== 0)) continue;
    tables.rows[at] = (tables.rows[at] as number) ^ bit;
    changed.add(shape.rowsAt + 2 * at, 2);
  }
}
