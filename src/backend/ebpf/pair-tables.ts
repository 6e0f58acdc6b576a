// Automata of one program that read two bytes a step, as the two tables that bpf/include/rampart/scan-pairs.h runs. A row
// has an entry for each pair of classes, so only automata that are not large are among them.

import { type Dfa, MATCHED } from '../../ir/automaton/dfa';
import type { Scan } from '../../ir/formula';
import { powerOfTwo } from './power-of-two';

export interface PairTables {
  readonly classes: readonly number[];
  readonly next: readonly number[];
  readonly places: ReadonlyMap<Dfa, PairPlace>;
}

/** Where an automaton has its classes and its first state. */
export interface PairPlace {
  readonly classes: number;
  readonly state: number;
}

/** Of one automaton: 32 KiB, what a processor's first cache holds. */
const MOST_ENTRIES = 16_384;
/** Of all: places are numbers of 16 bits. */
const MOST_ENTRIES_OF_ALL = 65_536;
/** PAIR_NO_BYTE of scan-pairs.h: that many entries for bytes, and for no byte. */
const NO_BYTE = 256;

/** Those of the scans' automata that have room; equal ones have one place. */
export function pairTables(scans: readonly Scan[]): PairTables {
  const fit = scans.filter(({ automaton }) => entriesOf(automaton) <= MOST_ENTRIES);
  const classes: number[] = [];
  const next = new Array<number>(fit.reduce((most, { automaton }) => Math.max(most, widthOf(automaton)), 0)).fill(0);
  const known = new Map<string, PairPlace>();
  const places = new Map<Dfa, PairPlace>();
  for (const { automaton, description } of fit) {
    if (!known.has(description) && next.length + entriesOf(automaton) > MOST_ENTRIES_OF_ALL) continue;
    const place = known.get(description) ?? { classes: classes.length, state: next.length };
    if (!known.has(description)) {
      appendClasses(automaton, classes);
      appendRows(automaton, next);
    }
    known.set(description, place);
    places.set(automaton, place);
  }
  return { classes, next, places };
}

/** A row for each state but the one that has matched. */
function entriesOf(automaton: Dfa): number {
  return (automaton.matchesAtEnd.length - 1) * widthOf(automaton);
}

/** No byte is one more class. */
function widthOf({ classCount }: Dfa): number {
  return (classCount + 1) ** 2;
}

function appendClasses({ classes: own, classCount }: Dfa, classes: number[]): void {
  for (const factor of [classCount + 1, 1]) {
    for (const each of own) classes.push(each * factor);
    for (let i = 0; i < NO_BYTE; i++) classes.push(classCount * factor);
  }
}

function appendRows(automaton: Dfa, next: number[]): void {
  const { classCount, matchesAtEnd } = automaton;
  const width = widthOf(automaton);
  const first = next.length;
  const placeOf = (state: number) => (state === MATCHED ? 0 : first + (state === 0 ? 0 : state - 1) * width);
  for (const [state, matches] of matchesAtEnd.entries()) {
    if (state === MATCHED) continue;
    for (let pair = 0; pair < width - 1; pair++) {
      const between = step(automaton, state, Math.floor(pair / (classCount + 1)));
      next.push(placeOf(step(automaton, between, pair % (classCount + 1))));
    }
    next.push(matches ? 0 : placeOf(state));
  }
}

/** The class behind the last one is that of no byte. */
function step({ next, classCount }: Dfa, state: number, byteClass: number): number {
  return byteClass === classCount ? state : (next[state * classCount + byteClass] as number);
}

/** C definitions of the tables, and the header that reads them. */
export function printPairTables({ classes, next, places }: PairTables): string[] {
  if (places.size === 0) return [];
  return [
    `static const __u16 pair_classes[${powerOfTwo(classes.length)}] = { ${classes.join(', ')} };`,
    `static const __u16 pair_next[${Math.max(64, powerOfTwo(next.length))}] = { ${next.join(', ')} };`,
    '#include <rampart/scan-pairs.h>',
  ];
}
