// The states of one account's probed tunnels, by which its routes go: before the first probe those that the routes of an
// agent before this one show.

import type { Account } from '../account/account';
import type { InternetAnswers } from '../health/internet-answers';
import { type HealthMonitor, watchTunnels } from '../health/monitor';
import { monitoredTunnels } from '../health/monitored-tunnel';
import type { TunnelHealth } from '../health/tunnel-health';
import type { Network } from '../network/network';
import type { TunnelState } from '../network/tunnel-state';
import type { Target } from '../reconcile/target';

type States = ReadonlyMap<string, TunnelState>;

export class TunnelWatch {
  #monitor: HealthMonitor | undefined;
  #monitoredIn: string | undefined;
  /** Of tunnels before they are probed. */
  #known: States = new Map();

  constructor(
    readonly answers: InternetAnswers,
    readonly changed: () => void,
  ) {}

  /** By tunnel name; those that are probed. */
  get health(): ReadonlyMap<string, TunnelHealth> {
    return this.#monitor?.states() ?? new Map();
  }

  get states(): States {
    return new Map([...this.health].map(([name, { state }]) => [name, state]));
  }

  /** A tunnel that is no longer to be probed is as good as any. */
  statesFor(account: Account): States {
    const known = this.#monitor === undefined ? this.#known : this.states;
    const probed = monitoredTunnels(account);
    return new Map([...known].filter(([name]) => probed.some(tunnel => tunnel.name === name)));
  }

  /** What the routes in force show, where nothing is probed yet. */
  async learn(account: Account, network: Network): Promise<void> {
    if (this.#monitor !== undefined) return;
    this.#known = monitoredTunnels(account).length === 0 ? new Map() : await network.statesInForce(account);
  }

  /** From now on the tunnels of this account are probed, and no others. */
  watch(account: Account, place: Target): void {
    const tunnels = monitoredTunnels(account);
    if (tunnels.length === 0 || this.#monitoredIn !== place.namespace) this.close();
    if (tunnels.length === 0) return;
    this.#monitoredIn = place.namespace;
    this.#monitor ??= watchTunnels({ place, tunnels, answers: this.answers, known: this.#known }, this.changed);
    this.#monitor.update(tunnels);
  }

  /** Another namespace has the name now. */
  reopen(): void {
    this.#monitor?.reopen();
  }

  close(): void {
    this.#monitor?.close();
    this.#monitor = undefined;
  }
}
