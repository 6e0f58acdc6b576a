// The automata of one program as the two tables that bpf/include/rampart/scan.h runs: all automata end to end, and the
// state of having matched shared between them. A state is a place in the table, so that a step needs no multiplication.
// Where literals decide, as of a `contains`, there is no automaton, and most read pairs of bytes: pair-tables.ts.

import type { Dfa } from '../../ir/automaton/dfa';
import type { Formula, Scan } from '../../ir/formula';
import { type LiteralTable, literalTable, printLiteralTable, searchOf } from './literal-table';
import { type PairTables, pairTables, printPairTables } from './pair-tables';
import { powerOfTwo } from './power-of-two';

export interface ScanTables extends LiteralTable {
  readonly classes: readonly number[];
  readonly next: readonly number[];
  /** Where each automaton has its classes and its first state. */
  readonly places: ReadonlyMap<Dfa, ScanPlace>;
  readonly pairs: PairTables;
}

export interface ScanPlace {
  readonly classes: number;
  readonly state: number;
}

/** Entries of a row before those of the classes: where the text's end leads, where no byte leads. */
const BEFORE_CLASSES = 2;
/** SCAN_MATCHED of scan.h */
const MATCHED = BEFORE_CLASSES;

/** Equal automata have one place. */
export function scanTables(formula: Formula): ScanTables {
  const all = scansOf(formula);
  const literals = literalTable(all);
  const run = all.filter(scan => searchOf(scan, literals)?.suffices !== true);
  // The name of an interface is too short for pairs.
  const pairs = pairTables(run.filter(({ segment }) => segment !== 'in_iface'));
  const scans = run.filter(({ segment, automaton }) => segment === 'in_iface' || !pairs.places.has(automaton));
  const classes: number[] = [];
  const widest = scans.reduce((most, { automaton }) => Math.max(most, automaton.classCount), 0);
  const next = new Array<number>(BEFORE_CLASSES + widest).fill(MATCHED);
  const known = new Map<string, ScanPlace>();
  const places = new Map<Dfa, ScanPlace>();
  for (const { automaton, description: key } of scans) {
    const place = known.get(key) ?? { classes: classes.length, state: next.length + BEFORE_CLASSES };
    if (!known.has(key)) {
      for (const each of automaton.classes) classes.push(each);
      appendRows(automaton, next);
    }
    known.set(key, place);
    places.set(automaton, place);
  }
  return { ...literals, classes, next, places, pairs };
}

/** A row for each state but the one that has matched. */
function appendRows({ classCount, next: steps, matchesAtEnd }: Dfa, next: number[]): void {
  const width = BEFORE_CLASSES + classCount;
  const first = next.length + BEFORE_CLASSES;
  const placeOf = (state: number) => (state === 0 ? first : state === 1 ? MATCHED : first + (state - 1) * width);
  for (const [state, matches] of matchesAtEnd.entries()) {
    if (state === 1) continue;
    next.push(matches ? MATCHED : placeOf(state), placeOf(state));
    for (let step = state * classCount; step < (state + 1) * classCount; step++) next.push(placeOf(steps[step] ?? 1));
  }
}

function scansOf(formula: Formula): Scan[] {
  if (formula.kind === 'scan') return [formula];
  if (formula.kind === 'not') return scansOf(formula.operand);
  return 'operands' in formula ? formula.operands.flatMap(scansOf) : [];
}

/** C definitions of the tables, and the headers that read them. */
export function printScanTables(tables: ScanTables): string[] {
  const single = tables.places.size === 0 ? [] : printAutomata(tables);
  return [...printLiteralTable(tables), ...printPairTables(tables.pairs), ...single];
}

function printAutomata({ classes, next }: ScanTables): string[] {
  const entry = next.length > 0x10000 ? '__u32' : '__u16';
  return [
    `static const __u8 scan_classes[${entries(classes.length)}] = { ${classes.join(', ')} };`,
    `static const ${entry} scan_next[${entries(next.length)}] = { ${noString(next).join(', ')} };`,
    '#include <rampart/scan.h>',
  ];
}

/**
 * clang takes numbers of which only the last is zero for a string, and puts them into a section (.rodata.str2.2) whose
 * types the kernel refuses. Where the table has room for one entry more, that entry is none.
 */
function noString(next: readonly number[]): readonly number[] {
  return entries(next.length) === next.length + 1 ? [...next, MATCHED] : next;
}

/** At least 64: clang puts constants of 4 to 32 bytes into sections (.rodata.cst4 …) whose types the kernel refuses. */
function entries(count: number): number {
  return Math.max(64, powerOfTwo(count));
}
