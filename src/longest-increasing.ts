// The longest strictly increasing subsequence (patience sorting, O(n log n)): of things that stood in one order and are
// wanted in another, the most that can stay where they are.

/** Positions of its members, ascending. */
export function longestIncreasing(numbers: readonly number[]): readonly number[] {
  const before = new Int32Array(numbers.length);
  /** By length - 1: position of the smallest number that a subsequence of that length ends with. */
  const ends: number[] = [];
  for (let position = 0; position < numbers.length; position++) {
    const number = numbers[position] as number;
    const length = firstNotBelow(numbers, ends, number);
    before[position] = ends[length - 1] ?? -1;
    ends[length] = position;
  }
  const members: number[] = [];
  for (let position = ends.at(-1) ?? -1; position >= 0; position = before[position] as number) members.push(position);
  return members.reverse();
}

function firstNotBelow(numbers: readonly number[], ends: readonly number[], number: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[ends[middle] as number] as number) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
