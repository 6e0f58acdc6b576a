// How long a confirmation is waited for, whatever happened to the clock.

import { remaining } from '../../src/desired/confirmation-time';

const DEADLINE = new Date('2026-11-22T12:01:00Z');

test.each([
  ['just begun', '2026-11-22T12:00:00Z', 60_000, 60_000],
  ['under way', '2026-11-22T12:00:45.500Z', 60_000, 14_500],
  ['at its end', '2026-11-22T12:01:00Z', 60_000, 0],
  ['over for long', '2026-11-25T00:00:00Z', 60_000, 0],
  ['the clock was set back by a year', '2025-11-22T12:00:00Z', 60_000, 60_000],
  ['longer than a day is nobody’s', '2026-11-20T12:01:00Z', 2 * 24 * 3600_000, 24 * 3600_000],
])('%s', (_, now, milliseconds, expected) => {
  expect(remaining({ deadline: DEADLINE, milliseconds, counts: new Map() }, new Date(now))).toBe(expected);
});
