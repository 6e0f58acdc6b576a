// Subset construction: a state of the table is a set of the pattern's states and the kind of byte that came before.
// Assertions are settled when the next byte, or the end, is known.

import type { Assertion, RegexNode } from '../../language/regex/node';
import { type ByteClasses, byteClasses, type Side } from './byte-classes';
import { AUTOMATON_LIMITS, type AutomatonLimits, type Dfa, MATCHED, START } from './dfa';
import { type Nfa, type NfaState, nfaOf } from './nfa';
import { StateSets } from './state-sets';

/** Searches for the pattern anywhere in a text. undefined when it goes beyond the limits. */
export function dfaOf(node: RegexNode, limits: AutomatonLimits = AUTOMATON_LIMITS): Dfa | undefined {
  return dfaWithin(node, limits).dfa;
}

/** The same, with the steps that it took, which are more than the limit where that was what it went beyond. */
export function dfaWithin(node: RegexNode, limits: AutomatonLimits): { readonly dfa?: Dfa; readonly steps: number } {
  const nfa = nfaOf(node, limits.nfaStates);
  return nfa === undefined ? { steps: 0 } : determine(nfa, limits);
}

interface Place {
  readonly nfaStates: Int32Array;
  readonly before: Side;
}

interface Construction {
  readonly nfa: Nfa;
  readonly bytes: ByteClasses;
  readonly sets: StateSets;
  readonly closure: Closure;
}

function determine(nfa: Nfa, limits: AutomatonLimits): { readonly dfa?: Dfa; readonly steps: number } {
  const bytes = byteClasses(nfa);
  const classCount = bytes.sides.length;
  const sets = new StateSets(nfa, bytes.edge);
  const construction: Construction = { nfa, bytes, sets, closure: new Closure(nfa) };
  const next: number[] = [];
  const matchesAtEnd: boolean[] = [];
  for (let state = START; state < sets.count; state++) {
    if (sets.count * classCount > limits.tableEntries || sets.steps > limits.steps) return { steps: sets.steps };
    const place = sets.at(state);
    matchesAtEnd.push(state === MATCHED || construction.closure.reach(place, bytes.edge).matches);
    if (state === MATCHED) for (let each = 0; each < classCount; each++) next.push(MATCHED);
    else for (const to of steps(place, construction)) next.push(to);
  }
  return { dfa: { classes: bytes.classes, classCount, next, matchesAtEnd }, steps: sets.steps };
}

/** The state after each class of bytes, made if it is new. */
function steps(place: Place, { nfa, bytes, sets, closure }: Construction): number[] {
  const { sides, read } = bytes;
  const next = new Array<number>(sides.length);
  for (const side of new Set(sides)) {
    const { reading, matches } = closure.reach(place, side);
    const moved: (number[] | undefined)[] = new Array(sides.length);
    if (!matches) {
      for (const index of reading) {
        const { to } = nfa.states[index] as Extract<NfaState, { kind: 'bytes' }>;
        for (const each of read[index] as readonly number[]) {
          const others = moved[each];
          if (others === undefined) moved[each] = [to];
          else others.push(to);
        }
      }
    }
    for (let each = 0; each < sides.length; each++) {
      if (sides[each] === side) next[each] = matches ? MATCHED : sets.stateOf(moved[each] ?? NONE, side);
    }
  }
  return next;
}

const NONE: readonly number[] = [];

/** What is reached without reading. */
class Closure {
  readonly #nfa: Nfa;
  readonly #seen: Int32Array;
  #round = 0;

  constructor(nfa: Nfa) {
    this.#nfa = nfa;
    this.#seen = new Int32Array(nfa.states.length);
  }

  /** The states that read a byte, between what came before the place and what comes next. */
  reach({ nfaStates, before }: Place, after: Side): { readonly reading: readonly number[]; readonly matches: boolean } {
    const reading: number[] = [];
    const waiting = Array.from(nfaStates);
    let matches = false;
    this.#round++;
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      if (this.#seen[index] === this.#round) continue;
      this.#seen[index] = this.#round;
      const state = this.#nfa.states[index] as NfaState;
      if (state.kind === 'bytes') reading.push(index);
      else if (state.kind === 'match') matches = true;
      else if (state.kind === 'branch') for (const to of state.to) waiting.push(to);
      else if (isTrue(state.assertion, before, after)) waiting.push(state.to);
    }
    return { reading, matches };
  }
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
