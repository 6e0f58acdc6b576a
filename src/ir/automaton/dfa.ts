// A pattern as a table that reads one byte at a time: what the evaluator and the eBPF programs run. Bytes that no part of
// the pattern tells apart are one class.

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
  /** States times classes: two or four bytes each in a program's read-only data. */
  readonly tableEntries: number;
  /** Members of sets of the pattern's states looked at while the table is filled, some 50 nanoseconds each. */
  readonly steps: number;
}

/** Of one regular expression. */
export const AUTOMATON_LIMITS: AutomatonLimits = { nfaStates: 10_000, tableEntries: 65_536, steps: 1 << 21 };

export const START = 0;
export const MATCHED = 1;

export function accepts(dfa: Dfa, text: Uint8Array): boolean {
  let state = START;
  for (const byte of text) {
    state = dfa.next[state * dfa.classCount + (dfa.classes[byte] ?? 0)] ?? MATCHED;
    if (state === MATCHED) return true;
  }
  return dfa.matchesAtEnd[state] ?? false;
}
