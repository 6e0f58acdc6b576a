// Numbers by a seed, so that what a run did can be done again.

export interface Random {
  /** At least 0, below 1. */
  fraction(): number;
  /** From 0, below `count`. */
  below(count: number): number;
  oneOf<T>(items: readonly T[]): T;
}

/** Park and Miller's. */
export function seededRandom(seed: number): Random {
  let state = (seed % 2147483646) + 1;
  const fraction = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  const below = (count: number) => Math.floor(fraction() * count);
  return { fraction, below, oneOf: items => items[below(items.length)] as (typeof items)[number] };
}
