// Random numbers that a seed gives again: Marsaglia's xorshift of 32 bits.

export interface Random {
  /** A whole number from `low` to `high`, both included. */
  readonly between: (low: number, high: number) => number;
  readonly oneOf: <T>(choices: readonly T[]) => T;
  /** True in that part of the cases. */
  readonly chance: (part: number) => boolean;
}

export function seededRandom(seed: number): Random {
  // Zero would stay zero.
  let state = seed | 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return {
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    oneOf: choices => choices[Math.floor(next() * choices.length)] as (typeof choices)[number],
    chance: part => next() < part,
  };
}
