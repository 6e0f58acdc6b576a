// The longest strictly increasing subsequence, by positions.

import { longestIncreasing } from '../src/longest-increasing';

test.each<[readonly number[], readonly number[]]>([
  [[], []],
  [[5], [0]],
  [
    [1, 2, 3],
    [0, 1, 2],
  ],
  [[3, 2, 1], [2]],
  [
    [9, 1, 2, 3],
    [1, 2, 3],
  ],
  [
    [1, 2, 9, 3, 4],
    [0, 1, 3, 4],
  ],
  [
    [1, 1, 2],
    [0, 2],
  ],
])('of %j: those at %j', (numbers, positions) => {
  const found = longestIncreasing(numbers);
  expect(found.map(position => numbers[position])).toEqual(positions.map(position => numbers[position]));
  expect(found.length).toBe(positions.length);
});
