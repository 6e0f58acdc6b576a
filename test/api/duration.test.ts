import { parseDuration } from '../../src/api/duration';

test.each([
  ['60s', 60_000],
  ['250ms', 250],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['0s', 0],
  ['60', undefined],
  ['', undefined],
  ['s', undefined],
  ['-1s', undefined],
  ['1.5s', undefined],
  [' 1s', undefined],
  ['1s\n', undefined],
  ['1d', undefined],
  ['9999999999s', undefined],
  ['1constructor', undefined],
])('%j is %s milliseconds', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});
