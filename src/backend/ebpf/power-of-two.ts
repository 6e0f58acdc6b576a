// Tables are filled up to a power of two, so that a mask keeps an index inside them without a branch.

/** The least one that is not below the count, which is above 0. */
export function powerOfTwo(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}
