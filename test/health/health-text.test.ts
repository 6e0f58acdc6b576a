// A tunnel's health as people read it.

import { healthText } from '../../src/health/health-text';
import type { TunnelHealth } from '../../src/health/tunnel-health';

const since = new Date('2026-11-22T13:14:15Z');
const reason = { code: 'ENODEV', message: 'there is no device fra1', cure: 'make it', at: since };

it.each<[string, TunnelHealth]>([
  [
    'healthy since 2026-11-22T13:14:15.000Z, 0 of 300 probes lost in 5 minutes, 12.3 ms',
    { state: 'healthy', since, loss: { sent: 300, failed: 0 }, rtt: 12.345 },
  ],
  [
    'down since 2026-11-22T13:14:15.000Z, 3 of 3 probes lost in 5 minutes: there is no device fra1; make it',
    { state: 'down', since, loss: { sent: 3, failed: 3 }, reason },
  ],
])('%s', (text, health) => {
  expect(healthText(health)).toBe(text);
});
