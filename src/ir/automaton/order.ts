// The texts that come before a literal in unsigned lexicographic order, as an automaton: a state for each byte that has
// been the literal's own so far, left for good by the first that is another.

import { type Dfa, MATCHED } from './dfa';

export function orderDfa(literal: Uint8Array): Dfa {
  const { classes, samples } = classesOf(literal);
  const dead = literal.length + 1;
  const stateOf = (length: number) => (length === 0 ? 0 : length === literal.length ? dead : length + 1);
  const rows = Array.from(literal, (byte, at) =>
    samples.map(sample => (sample < byte ? MATCHED : sample === byte ? stateOf(at + 1) : dead)),
  );
  const [first = [], ...others] = rows;
  const to = (state: number) => samples.map(() => state);
  const states = [first, to(MATCHED), ...others, to(dead)];
  return {
    classes,
    classCount: samples.length,
    next: states.flat(),
    // What ends before anything differs is shorter than the literal.
    matchesAtEnd: states.map((_, state) => state !== dead),
  };
}

/** The literal's bytes are a class each, and so is what lies between two of them. */
function classesOf(literal: Uint8Array): { readonly classes: readonly number[]; readonly samples: readonly number[] } {
  const borders = new Set([...literal].flatMap(byte => [byte, byte + 1]));
  const samples: number[] = [];
  const classes = Array.from({ length: 256 }, (_, byte) => {
    if (byte === 0 || borders.has(byte)) samples.push(byte);
    return samples.length - 1;
  });
  return { classes, samples };
}
