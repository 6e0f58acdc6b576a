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
  /** Tunnels that were there before and lead to the same end keep their states; `onChange` tells of the others. */
  update(tunnels: readonly MonitoredTunnel[]): void;
  /** Lets go of the namespace, which would live on in open sockets; the next probes look it up by its name. */
  reopen(): void;
  /** Calling twice is harmless. */
  close(): void;
}

/** Nothing thrown by a probe: what hinders one is told as the reason. `onChange` is called when any state has changed. */
export function watchTunnels(
  { place, tunnels, answers, rates = DEFAULT_RATES, known = NOTHING_KNOWN }: Watched,
  onChange: (states: ReadonlyMap<string, TunnelHealth>) => void,
): HealthMonitor {
  const watched = new Map<string, { tunnel: MonitoredTunnel; prober: Prober }>();
  const states = () => new Map([...watched].map(([name, { prober }]) => [name, prober.health()]));
  const surroundings = { place, answers, rates, changed: () => onChange(states()) };

  function update(wanted: readonly MonitoredTunnel[], begun: States): void {
    const before = statesOf(states());
    for (const [name, { tunnel, prober }] of watched) {
      if (wanted.some(each => leadsToSameEnd(each, tunnel))) continue;
      prober.close();
      watched.delete(name);
    }
    for (const tunnel of wanted) {
      const { name } = tunnel;
      const old = watched.get(name);
      if (old !== undefined && isDeepStrictEqual(old.tunnel, tunnel)) continue;
      const prober = old?.prober ?? new Prober(tunnel, begun.get(name) ?? 'healthy', surroundings);
      if (old !== undefined) prober.update(tunnel);
      watched.set(name, { tunnel, prober });
    }
    const after = statesOf(states());
    if ([...after].some(([name, state]) => (before.get(name) ?? state) !== state)) surroundings.changed();
  }

  update(tunnels, known);
  return {
    states,
    update: wanted => update(wanted, NOTHING_KNOWN),
    reopen: () => {
      for (const { prober } of watched.values()) prober.reopen();
    },
    close: () => update([], NOTHING_KNOWN),
  };
}

type States = ReadonlyMap<string, TunnelState>;

const NOTHING_KNOWN: States = new Map();

function statesOf(healths: ReadonlyMap<string, TunnelHealth>): States {
  return new Map([...healths].map(([name, { state }]) => [name, state]));
}

function leadsToSameEnd(a: MonitoredTunnel, b: MonitoredTunnel): boolean {
  return a.name === b.name && isDeepStrictEqual([a.local, a.remote], [b.local, b.remote]);
}
