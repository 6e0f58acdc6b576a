// When something that failed is tried again.

import { backoff } from '../../src/agent/backoff';

const SETTINGS = { first: 500, most: 60_000, jitter: 0.2 };

test.each<[failures: number, chance: number, wait: number]>([
  [1, 0, 500],
  [2, 0, 1000],
  [7, 0, 32_000],
  [8, 0, 60_000],
  [5000, 0, 60_000],
  [1, 0.5, 450],
  [8, 0.999, 48_012],
])('after %d failures, by chance %d: %d ms', (failures, chance, wait) => {
  expect(backoff(SETTINGS, failures, chance)).toBe(wait);
});
