// Durations as people write them: 250ms, 60s, 5m, 1h.

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds; undefined for what is none. */
export function parseDuration(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^([0-9]{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  return factor === undefined ? undefined : Number(digits) * factor;
}
