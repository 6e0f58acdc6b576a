// Bytes that a pattern does not tell apart are one class: those that the same sets hold and that are of one kind for its
// assertions.

import type { CharSet } from '../../language/regex/char-set';
import type { Nfa } from './nfa';

/** What stands on one side of a place; only kinds that the pattern's assertions tell apart occur. */
export type Side = 'edge' | 'newline' | 'word' | 'other';

export interface ByteClasses {
  /** Class of each of the 256 bytes. */
  readonly classes: readonly number[];
  /** Kind of the bytes of each class. */
  readonly sides: readonly Side[];
  /** By state of the pattern: the classes that it reads. */
  readonly read: readonly (readonly number[])[];
  /** The kind of the text's edge. */
  readonly edge: Side;
}

export function byteClasses({ states }: Nfa): ByteClasses {
  const sideOf = sidesOf(states);
  const names = states.map(state => (state.kind === 'bytes' ? nameOf(state.set) : ''));
  const sets = new Map(states.flatMap((state, at) => (state.kind === 'bytes' ? [[names[at] ?? '', state.set]] : [])));
  const { classes, samples } = divide([...sets.values()], sideOf);
  const held = new Map(
    [...sets].map(([name, set]) => [name, [...samples.keys()].filter(each => holds(set, samples[each] as number))]),
  );
  return {
    classes,
    sides: samples.map(sideOf),
    read: names.map(name => held.get(name) ?? []),
    edge: sideOf(undefined),
  };
}

function nameOf(set: CharSet): string {
  return set.map(({ from, to }) => `${from}-${to}`).join();
}

/** `samples` has one byte of each class. */
function divide(
  sets: readonly CharSet[],
  sideOf: (byte: number) => Side,
): { readonly classes: readonly number[]; readonly samples: readonly number[] } {
  const borders = new Set(sets.flat().flatMap(({ from, to }) => [from, to + 1]));
  const signatures = new Map<string, number>();
  const samples: number[] = [];
  const classes: number[] = [];
  let signature = '';
  let side: Side | undefined;
  for (let byte = 0; byte <= 0xff; byte++) {
    const before = side;
    side = sideOf(byte);
    if (byte > 0 && !borders.has(byte) && side === before) {
      classes.push(classes[byte - 1] as number);
      continue;
    }
    if (byte === 0 || borders.has(byte)) signature = sets.map(set => (holds(set, byte) ? '1' : '0')).join('');
    const key = `${signature} ${side}`;
    const found = signatures.get(key) ?? samples.push(byte) - 1;
    signatures.set(key, found);
    classes.push(found);
  }
  return { classes, samples };
}

/** The kind of a byte, or with undefined of the text's edge, as far as the pattern asks. */
function sidesOf(states: Nfa['states']): (byte: number | undefined) => Side {
  const asked = new Set(states.flatMap(state => (state.kind === 'assertion' ? [state.assertion] : [])));
  const lines = asked.has('line_start') || asked.has('line_end');
  const words = asked.has('word_boundary') || asked.has('no_word_boundary');
  return byte => {
    if (byte === undefined) return asked.size === 0 ? 'other' : 'edge';
    if (lines && byte === 0x0a) return 'newline';
    return words && /[0-9A-Za-z_]/.test(String.fromCharCode(byte)) ? 'word' : 'other';
  };
}

function holds(set: CharSet, byte: number): boolean {
  return set.some(({ from, to }) => byte >= from && byte <= to);
}
