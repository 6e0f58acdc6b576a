// How often a tunnel is probed and how long an answer is waited for. The public pages name three rates and give no
// figures; these are our own. At `high` a dead tunnel is down within about a second, at `mid` within three, at `low`
// within sixteen.

import type { HealthCheck } from '../account/account';

export interface ProbeTiming {
  /** Between the probes of one tunnel, in milliseconds, before jitter. */
  readonly interval: number;
  /** In milliseconds. What comes later is no answer. */
  readonly timeout: number;
}

export type ProbeRates = Readonly<Record<HealthCheck['rate'], ProbeTiming>>;

/**
 * The longest ways on the ground take 400 ms, there and back; a geostationary satellite takes 600, for which `mid` and
 * `low` leave room. At `high` three probes of one second can time out within the next.
 */
export const DEFAULT_RATES: ProbeRates = {
  low: { interval: 10_000, timeout: 2_000 },
  mid: { interval: 1_000, timeout: 1_000 },
  high: { interval: 200, timeout: 500 },
};
