// How long a foreign change waits for its repair.

import { DEFAULT_AGENT_SETTINGS } from '../../src/agent/agent-settings';
import { type Repair, waitForRepair } from '../../src/agent/repair-pace';

const PACE = { first: 20, most: 800, quiet: 10_000 };

test.each<[string, Repair | undefined, now: number, wait: number]>([
  ['the first', undefined, 0, 20],
  ['one soon after another', { at: 1000, wait: 20 }, 1100, 40],
  ['one of many in a row', { at: 1000, wait: 640 }, 1500, 800],
  ['one of very many in a row', { at: 1000, wait: 800 }, 10_999, 800],
  ['one after a quiet time', { at: 1000, wait: 800 }, 11_000, 20],
])('%s', (_, last, now, wait) => {
  expect(waitForRepair(PACE, last, now)).toBe(wait);
});

test('by default a repair has waited less than half of its second, whatever came before', () => {
  const { repair } = DEFAULT_AGENT_SETTINGS;
  const waits = [20, 40, 80, 160, 320, 640].map(wait => waitForRepair(repair, { at: 1000, wait }, 1500));
  expect(waits).toEqual([40, 80, 160, 320, 400, 400]);
});
