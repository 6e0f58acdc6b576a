// Literals between stars as an automaton, made directly: for each literal a row for every part of it that the text may
// end with (Knuth, Morris and Pratt), one literal after the other. What subset construction does, in time and rows that
// grow with the literals alone, however they repeat themselves.

import { type Dfa, MATCHED } from './dfa';

/** Any bytes may stand between two literals; the first begins the text and the last ends it. */
export function searchDfa(literals: readonly Uint8Array[], folded: boolean): Dfa {
  const { classes, classCount } = classesOf(literals, folded);
  const words = literals.map(literal => Array.from(literal, byte => classes[byte] as number));
  const [first = [], ...others] = words;
  const rows: number[][] = [];
  appendInPlace(first, rows, classCount);
  const shorter = others.map(word => appendSearch(word, rows, classCount)).at(-1);
  const anchored = others.at(-1)?.length !== 0;
  if (anchored) rows.push(rows[shorter ?? DEAD]?.slice() ?? new Array<number>(classCount).fill(DEAD));
  return numbered(classes, classCount, rows, anchored);
}

/** Nothing can match any more. */
const DEAD = -1;

/** Rows say by class which row is next; a complete literal leads to the row behind its own. */
function appendInPlace(word: readonly number[], rows: number[][], classCount: number): void {
  for (const read of word) {
    const row = new Array<number>(classCount).fill(DEAD);
    row[read] = rows.length + 1;
    rows.push(row);
  }
}

/** Returns the row of the longest shorter part that the complete literal ends with. */
function appendSearch(word: readonly number[], rows: number[][], classCount: number): number {
  const base = rows.length;
  let shorter = base;
  for (const [at, read] of word.entries()) {
    const row = at === 0 ? new Array<number>(classCount).fill(base) : [...(rows[shorter] as number[])];
    if (at > 0) shorter = row[read] as number;
    row[read] = rows.length + 1;
    rows.push(row);
  }
  return shorter;
}

/** Rows to states, of which 1 has matched. Anchored: the last row matches, where the text ends; else what is behind it. */
function numbered(classes: readonly number[], classCount: number, rows: readonly number[][], anchored: boolean): Dfa {
  const dead = rows.length + 1;
  const stateOf = (row: number) => (row === DEAD ? dead : row === 0 ? 0 : row === rows.length ? MATCHED : row + 1);
  const to = (state: number) => new Array<number>(classCount).fill(state);
  const [first, ...others] = rows.map(row => row.map(stateOf));
  // Where there is nothing to look for the first state has matched.
  const states = [first ?? to(MATCHED), to(MATCHED), ...others];
  if (rows.some(row => row.includes(DEAD))) states.push(to(dead));
  const last = rows.length === 1 ? 0 : rows.length;
  return {
    classes,
    classCount,
    next: states.flat(),
    matchesAtEnd: states.map((_, state) => state === MATCHED || first === undefined || (anchored && state === last)),
  };
}

/** Each byte of the literals is a class, and all others are one. */
function classesOf(
  literals: readonly Uint8Array[],
  folded: boolean,
): { readonly classes: readonly number[]; readonly classCount: number } {
  const alike = (byte: number) => (folded && byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);
  const used = new Set(literals.flatMap(literal => Array.from(literal, alike)));
  const numbers = new Map<number | undefined, number>();
  const classes = Array.from({ length: 256 }, (_, byte) => {
    const key = used.has(alike(byte)) ? alike(byte) : undefined;
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  });
  return { classes, classCount: numbers.size };
}
