// The health of one account's tunnels: a prober for each, and a word to the account's keeper when a state is another one.

import { isDeepStrictEqual } from 'node:util';
import type { TunnelState } from '../network/tunnel-state';
import type { Target } from '../reconcile/target';
import type { InternetAnswers } from './internet-answers';
import type { MonitoredTunnel } from './monitored-tunnel';
import { Prober } from './prober';
import { DEFAULT_RATES, type ProbeRates } from './rate';
import type { TunnelHealth } from './tunnel-health';

export interface Watched {
  /** The account's namespace, where the tunnels' devices are. */
  readonly place: Target;
  readonly tunnels: readonly MonitoredTunnel[];
  /** Of the host, shared by all accounts. */
  readonly answers: InternetAnswers;
  readonly rates?: ProbeRates;
  /** What was known of tunnels before, by name, from an earlier run; the others begin healthy. */
  readonly known?: ReadonlyMap<string, TunnelState>;
}

export interface HealthMonitor {
  /** By tunnel name. */
  states(): ReadonlyMap<string, TunnelHealth>;
  /** Tunnels that were there before and lead to the same end keep their states. */
  update(tunnels: readonly MonitoredTunnel[]): void;
  /** Lets go of the namespace, which would live on in open sockets; the next probes look it up by its name. */
  reopen(): void;
  /** Calling twice is harmless. */
  close(): void;
}

/** Nothing thrown by a probe: what hinders one is told as the reason. `onChange` is called when any state has changed. */
export function watchTunnels(
  { place, tunnels, answers, rates = DEFAULT_RATES, known }: Watched,
  onChange: (states: ReadonlyMap<string, TunnelHealth>) => void,
): HealthMonitor {
  const watched = new Map<string, { tunnel: MonitoredTunnel; prober: Prober }>();
  const states = () => new Map([...watched].map(([name, { prober }]) => [name, prober.health()]));
  const surroundings = { place, answers, rates, changed: () => onChange(states()) };

  function update(wanted: readonly MonitoredTunnel[]): void {
    for (const [name, { tunnel, prober }] of watched) {
      if (wanted.some(each => leadsToSameEnd(each, tunnel))) continue;
      prober.close();
      watched.delete(name);
    }
    for (const tunnel of wanted) {
      const before = watched.get(tunnel.name);
      if (before !== undefined && isDeepStrictEqual(before.tunnel, tunnel)) continue;
      const prober = before?.prober ?? new Prober(tunnel, known?.get(tunnel.name) ?? 'healthy', surroundings);
      if (before !== undefined) prober.update(tunnel);
      watched.set(tunnel.name, { tunnel, prober });
    }
  }

  update(tunnels);
  return {
    states,
    update,
    reopen: () => {
      for (const { prober } of watched.values()) prober.reopen();
    },
    close: () => update([]),
  };
}

function leadsToSameEnd(a: MonitoredTunnel, b: MonitoredTunnel): boolean {
  return a.name === b.name && isDeepStrictEqual([a.local, a.remote], [b.local, b.remote]);
}
