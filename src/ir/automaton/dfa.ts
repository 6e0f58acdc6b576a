// A pattern as a table that reads one byte at a time: what the evaluator and the eBPF programs run. Bytes that no part of
// the pattern tells apart are one class. A state knows what kind of byte came before it, and assertions are settled when
// the next byte, or the end, is known.

import type { CharSet } from '../../language/regex/char-set';
import type { Assertion, RegexNode } from '../../language/regex/node';
import { type Nfa, type NfaState, nfaOf } from './nfa';

export interface Dfa {
  /** Class of each of the 256 bytes. */
  readonly classes: readonly number[];
  readonly classCount: number;
  /** Next state by state * classCount + class. State 0 is the start, 1 has matched and stays so. */
  readonly next: readonly number[];
  /** By state: does the text match if it ends here? */
  readonly matchesAtEnd: readonly boolean[];
}

export interface AutomatonLimits {
  readonly nfaStates: number;
  /** States times classes: two bytes each in a program's read-only data. */
  readonly tableEntries: number;
}

export const AUTOMATON_LIMITS: AutomatonLimits = { nfaStates: 10_000, tableEntries: 65_536 };

const START = 0;
const MATCHED = 1;

/** Searches for the pattern anywhere in a text. undefined when it goes beyond the limits. */
export function dfaOf(node: RegexNode, limits: AutomatonLimits = AUTOMATON_LIMITS): Dfa | undefined {
  const nfa = nfaOf(node, limits.nfaStates);
  return nfa === undefined ? undefined : determine(nfa, limits);
}

export function accepts(dfa: Dfa, text: Uint8Array): boolean {
  let state = START;
  for (const byte of text) {
    state = dfa.next[state * dfa.classCount + (dfa.classes[byte] ?? 0)] ?? MATCHED;
    if (state === MATCHED) return true;
  }
  return dfa.matchesAtEnd[state] ?? false;
}

/** What stands on one side of a place; only kinds that the pattern's assertions tell apart occur. */
type Side = 'edge' | 'newline' | 'word' | 'other';

interface Place {
  readonly nfaStates: readonly number[];
  readonly before: Side;
}

function determine(nfa: Nfa, limits: AutomatonLimits): Dfa | undefined {
  const sides = sidesOf(nfa);
  const { classes, samples } = byteClasses(nfa, sides);
  const matched: Place = { nfaStates: [], before: 'other' };
  const places: Place[] = [{ nfaStates: [nfa.start], before: sides(undefined) }, matched];
  const known = new Map([[keyOf(places[START] as Place), START]]);
  const next: number[] = [];
  const matchesAtEnd: boolean[] = [];
  for (let state = 0; state < places.length; state++) {
    const place = places[state] as Place;
    if (places.length * samples.length > limits.tableEntries) return undefined;
    matchesAtEnd.push(state === MATCHED || hasMatch(nfa, closure(nfa, place, sides(undefined))));
    for (const byte of samples) {
      next.push(state === MATCHED ? MATCHED : step(nfa, place, byte, sides(byte), { places, known }));
    }
  }
  return { classes, classCount: samples.length, next, matchesAtEnd };
}

/** The state after a byte, made if it is new. */
function step(
  nfa: Nfa,
  place: Place,
  byte: number,
  side: Side,
  { places, known }: { readonly places: Place[]; readonly known: Map<string, number> },
): number {
  const reached = closure(nfa, place, side);
  if (hasMatch(nfa, reached)) return MATCHED;
  const moved = new Set([nfa.start]);
  for (const index of reached) {
    const state = nfa.states[index];
    if (state?.kind === 'bytes' && holds(state.set, byte)) moved.add(state.to);
  }
  const after: Place = { nfaStates: [...moved].sort((a, b) => a - b), before: side };
  if (hasMatch(nfa, closure(nfa, after, undefined))) return MATCHED;
  const key = keyOf(after);
  const found = known.get(key) ?? places.push(after) - 1;
  known.set(key, found);
  return found;
}

/** Every state reached without reading, between what came before and what comes next; undefined: whatever comes. */
function closure(nfa: Nfa, { nfaStates, before }: Place, after: Side | undefined): ReadonlySet<number> {
  const reached = new Set<number>();
  const waiting = [...nfaStates];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (reached.has(index)) continue;
    reached.add(index);
    const state = nfa.states[index] as NfaState;
    if (state.kind === 'branch') waiting.push(...state.to);
    if (state.kind === 'assertion' && after !== undefined && isTrue(state.assertion, before, after)) {
      waiting.push(state.to);
    }
  }
  return reached;
}

function isTrue(assertion: Assertion, before: Side, after: Side): boolean {
  switch (assertion) {
    case 'text_start':
      return before === 'edge';
    case 'text_end':
      return after === 'edge';
    case 'line_start':
      return before === 'edge' || before === 'newline';
    case 'line_end':
      return after === 'edge' || after === 'newline';
    case 'word_boundary':
      return (before === 'word') !== (after === 'word');
    case 'no_word_boundary':
      return (before === 'word') === (after === 'word');
  }
}

function hasMatch(nfa: Nfa, states: ReadonlySet<number>): boolean {
  return [...states].some(index => nfa.states[index]?.kind === 'match');
}

/** The kind of a byte, or with undefined of the text's edge, as far as the pattern asks. */
function sidesOf({ states }: Nfa): (byte: number | undefined) => Side {
  const asked = new Set(states.flatMap(state => (state.kind === 'assertion' ? [state.assertion] : [])));
  const lines = asked.has('line_start') || asked.has('line_end');
  const words = asked.has('word_boundary') || asked.has('no_word_boundary');
  return byte => {
    if (byte === undefined) return asked.size === 0 ? 'other' : 'edge';
    if (lines && byte === 0x0a) return 'newline';
    return words && /[0-9A-Za-z_]/.test(String.fromCharCode(byte)) ? 'word' : 'other';
  };
}

/** Bytes that the same sets hold are one class, of which `samples` has one each. */
function byteClasses(
  { states }: Nfa,
  sides: (byte: number | undefined) => Side,
): { classes: number[]; samples: number[] } {
  const sets = states.flatMap(state => (state.kind === 'bytes' ? [state.set] : []));
  const borders = new Set(sets.flat().flatMap(({ from, to }) => [from, to + 1]));
  const signatures = new Map<string, number>();
  const samples: number[] = [];
  const classes: number[] = [];
  let signature = '';
  for (let byte = 0; byte <= 0xff; byte++) {
    if (byte === 0 || borders.has(byte)) signature = sets.map(set => (holds(set, byte) ? '1' : '0')).join('');
    const key = `${signature} ${sides(byte)}`;
    const found = signatures.get(key) ?? samples.push(byte) - 1;
    signatures.set(key, found);
    classes.push(found);
  }
  return { classes, samples };
}

function holds(set: CharSet, byte: number): boolean {
  return set.some(({ from, to }) => byte >= from && byte <= to);
}

function keyOf({ nfaStates, before }: Place): string {
  return `${before} ${nfaStates.join()}`;
}
