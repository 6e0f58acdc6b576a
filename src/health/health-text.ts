// A tunnel's health as a line for people: `degraded since …, 3 of 300 probes lost in 5 minutes, 12.3 ms: no answer within …`.

import type { TunnelHealth } from './tunnel-health';

export function healthText({ state, since, loss, rtt, reason }: TunnelHealth): string {
  const parts = [
    `${state} since ${since.toISOString()}`,
    `${loss.failed} of ${loss.sent} probes lost in 5 minutes`,
    ...(rtt === undefined ? [] : [`${rtt.toFixed(1)} ms`]),
  ];
  const why = reason === undefined ? '' : `: ${reason.message}; ${reason.cure}`;
  return `${parts.join(', ')}${why}`;
}
