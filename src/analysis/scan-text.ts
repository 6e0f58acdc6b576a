// Bytes that automata accept or do not accept, as asked of them: all automata run over the packet side by side, and the free
// bytes are chosen on the way, breadth first, so that every choice is tried and none twice.

import type { Dfa } from '../ir/automaton/dfa';
import type { Draft } from './draft';

export interface AskedScan {
  readonly automaton: Dfa;
  /** Where its segment begins; it ends with the packet. */
  readonly start: number;
  readonly accepted: boolean;
}

const MATCHED = 1;
const MOST_PLACES = 100_000;

/** A place is a state of each automaton; how it was reached is kept for the way back. */
interface Place {
  readonly states: readonly number[];
  readonly byte: number;
  readonly before: Place | undefined;
}

/** Writes the bytes into the draft from `free` on. False where there are none, or none was found within the limits. */
export function writeText(draft: Draft, scans: readonly AskedScan[], free: number): boolean {
  const { bytes, asked } = draft;
  const samples = sampleBytes(scans.map(({ automaton }) => automaton));
  let places: readonly Place[] = [{ states: scans.map(() => 0), byte: 0, before: undefined }];
  let tried = 0;
  for (let position = 0; position < bytes.length; position++) {
    const now = bytes[position] as number;
    const choices = position >= free && asked[position] === 0 ? [now, ...samples] : [now];
    const next = new Map<string, Place>();
    for (const place of places) {
      for (const byte of choices) {
        const states = scans.map((scan, index) => step(scan, place.states[index] as number, byte, position));
        if (scans.some(({ accepted }, index) => !accepted && states[index] === MATCHED)) continue;
        const key = states.join();
        if (!next.has(key)) next.set(key, { states, byte, before: place });
      }
    }
    places = [...next.values()];
    tried += places.length;
    if (tried > MOST_PLACES) return false;
  }
  const end = places.find(({ states }) => scans.every((scan, index) => ends(scan, states[index] as number)));
  if (end !== undefined) writeBack(bytes, end);
  return end !== undefined;
}

export type ShortestText =
  | { readonly kind: 'length'; readonly bytes: number }
  /** No text of any length does what is asked. */
  | { readonly kind: 'impossible' }
  | { readonly kind: 'unknown' };

/** Of texts that do what is asked of the scans, which are all of one segment. */
export function shortestText(scans: readonly Omit<AskedScan, 'start'>[]): ShortestText {
  const samples = sampleBytes(scans.map(({ automaton }) => automaton));
  const start = scans.map(() => 0);
  const known = new Set([start.join()]);
  let places = [start];
  for (let bytes = 0; places.length > 0; bytes++) {
    if (places.some(states => scans.every((scan, index) => ends(scan, states[index] as number)))) {
      return { kind: 'length', bytes };
    }
    if (known.size > MOST_PLACES) return { kind: 'unknown' };
    places = places
      .flatMap(states =>
        samples.map(byte => scans.map((scan, index) => nextState(scan.automaton, states[index] as number, byte))),
      )
      .filter(states => scans.every(({ accepted }, index) => accepted || states[index] !== MATCHED))
      .filter(states => {
        const key = states.join();
        return !known.has(key) && known.add(key);
      });
  }
  return { kind: 'impossible' };
}

function step({ automaton, start }: AskedScan, state: number, byte: number, position: number): number {
  return position < start ? state : nextState(automaton, state, byte);
}

function nextState({ next, classCount, classes }: Dfa, state: number, byte: number): number {
  return state === MATCHED ? MATCHED : (next[state * classCount + (classes[byte] as number)] as number);
}

function ends({ automaton, accepted }: Omit<AskedScan, 'start'>, state: number): boolean {
  return (state === MATCHED || (automaton.matchesAtEnd[state] ?? false)) === accepted;
}

/** One byte of each kind that the automata tell apart, a printable one where there is one. */
function sampleBytes(automata: readonly Dfa[]): number[] {
  const kinds = new Map<string, number>();
  const printableFirst = [...range(0x20, 0x7e), ...range(0, 0x1f), ...range(0x7f, 0xff)];
  for (const byte of printableFirst) {
    const kind = automata.map(({ classes }) => classes[byte]).join();
    if (!kinds.has(kind)) kinds.set(kind, byte);
  }
  return [...kinds.values()];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function writeBack(bytes: Uint8Array, end: Place): void {
  let position = bytes.length - 1;
  for (let place: Place = end; place.before !== undefined; place = place.before) bytes[position--] = place.byte;
}
