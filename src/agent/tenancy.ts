// What one account has in the kernel, brought to what is desired of it and compared with it: its namespace and network, its
// rules, the health of its tunnels. One call at a time.

import { isDeepStrictEqual } from 'node:util';
import type { Account, AccountNamespace } from '../account/account';
import { type HealthMonitor, watchTunnels } from '../health/monitor';
import { monitoredTunnels } from '../health/monitored-tunnel';
import type { TunnelHealth } from '../health/tunnel-health';
import { type NetworkPlan, networkPlan } from '../network/plan';
import { removeNetwork } from '../network/remove';
import type { TunnelState } from '../network/tunnel-state';
import type { Plan } from '../plan';
import { type Counters, readCounters, readKeys } from '../reconcile/counters';
import { type DryRun, dryRun } from '../reconcile/dry-run';
import { refusalsOf } from '../reconcile/refusal';
import type { SavedCounts } from '../reconcile/saved-counts';
import type { Target } from '../reconcile/target';
import { changesOf, foundWords, networkFoundWords, networkWords } from './change-words';
import { compileAccount } from './compile-account';
import { type PinWatch, watchPins } from './pin-watch';
import { closePlace, isGone, isThere, type Opened, openPlace, type Place, targetOf } from './place';
import { RefusedPlanError } from './refused-plan-error';
import { removeAccount } from './remove-account';
import type { Sign } from './sign';
import type { Surroundings } from './surroundings';
import { tryInEmptyNamespace } from './trial';

interface InForce {
  readonly account: Account;
  readonly plan: Plan;
}

/** `anew`: by a fresh generation of tables, for what changing the old ones cannot bring about. */
export interface Bringing {
  readonly counts: SavedCounts | undefined;
  readonly anew: boolean;
}

export interface Brought {
  /** Digest of the rules. */
  readonly policyVersion: string;
  /** In words; empty where nothing differed. */
  readonly changes: readonly string[];
  /** Milliseconds. */
  readonly compile: number;
  readonly apply: number;
}

export type TenancySign = Sign | { readonly kind: 'tunnel_states' };

export class Tenancy {
  /** Where there may be something of the account: here or, by an agent before this one, in a namespace of its own. */
  #occupied: readonly AccountNamespace[];
  #place: Place | undefined;
  #isDeaf = false;
  #inForce: InForce | undefined;
  /** That was brought into force in this place. */
  #network: NetworkPlan | undefined;
  #pins: PinWatch | undefined;
  #monitor: HealthMonitor | undefined;
  #monitoredIn: string | undefined;
  /** Of tunnels before they are probed, from the routes that an agent before this one left. */
  #known: States = new Map();

  constructor(
    readonly account: string,
    readonly around: Surroundings,
    occupied: readonly AccountNamespace[],
    readonly on: (sign: TenancySign) => void,
  ) {
    this.#occupied = occupied;
  }

  get isInForce(): boolean {
    return this.#inForce !== undefined;
  }

  /** By tunnel name; those that are probed. */
  get tunnels(): ReadonlyMap<string, TunnelHealth> {
    return this.#monitor?.states() ?? new Map();
  }

  targetOf(namespace: AccountNamespace): Target {
    return targetOf(this.around.names, this.around.host.target, this.account, namespace);
  }

  /** Something of the account is there: it goes with the next bring(), but for the namespace that is desired. */
  alsoIn(namespaces: readonly AccountNamespace[]): boolean {
    const others = namespaces.filter(each => !this.#occupied.some(known => isDeepStrictEqual(known, each)));
    this.#occupied = [...this.#occupied, ...others];
    return others.length > 0;
  }

  /** Rejects with RefusedRulesError, RefusedPlanError and what else can go wrong; what was in force stays then. */
  async bring(account: Account, { counts, anew }: Bringing): Promise<Brought> {
    const began = performance.now();
    const network = this.#plan(account);
    const before = this.#inForce?.plan;
    // An account that nobody filtered yet gets nothing of its own before its rules are known to be right.
    const first = compileAccount(account, before, this.around.options);
    const { place, changes } = await this.#open(account, network);
    const keys = before === undefined ? await readKeys(place.target) : new Map();
    const { options } = this.around;
    const plan = keys.size === 0 ? first : compileAccount(account, undefined, { ...options, keys });
    const compiled = performance.now();
    if (this.#monitor === undefined) this.#known = await knownStates(place, account);
    const sent = await this.#send(place, { account, plan }, this.#plan(account), { counts, anew });
    this.#watchHealth(account);
    const apply = performance.now() - compiled;
    return { policyVersion: plan.version, changes: [...changes, ...sent], compile: compiled - began, apply };
  }

  /** What others have changed of what is in force, in words; it is as before again. */
  async repair(anew: boolean): Promise<readonly string[]> {
    if (this.#inForce === undefined) return [];
    const { account, plan } = this.#inForce;
    const lost =
      this.#place !== undefined && isGone(this.#place) ? this.targetOf(account.namespace).namespace : undefined;
    const network = this.#plan(account);
    const { place, changes } = await this.#open(account, network);
    if (lost !== undefined || anew || place.enforcement.plan !== plan) {
      const sent = await this.#send(place, this.#inForce, network, { counts: undefined, anew });
      return lost === undefined ? [...changes, ...sent] : [`namespace ${lost} is gone`, ...changes, ...sent];
    }
    const missing = await place.network.verify(network);
    if (!missing.none) await place.network.prepare(network);
    const found = await place.enforcement.verify();
    if (!found.none) await orRefusal(place.enforcement.repair(), plan);
    if (!missing.none) await place.network.apply(network);
    if (!found.none) {
      await place.enforcement.own();
      this.#watchPins(place, plan);
    }
    return [...changes, ...networkFoundWords(missing), ...foundWords(found)];
  }

  /** Routes go by the states of the tunnels: what that changed, in words. */
  async reroute(): Promise<readonly string[]> {
    if (this.#inForce === undefined || this.#place === undefined) return [];
    const network = this.#plan(this.#inForce.account);
    if (isDeepStrictEqual(network, this.#network)) return [];
    const changes = networkWords(await this.#place.network.apply(network));
    this.#network = network;
    return changes;
  }

  /** All that is the account's and nothing else, in words. Twice is harmless. */
  async removeAll(): Promise<readonly string[]> {
    if (this.#place !== undefined) await this.#leaveFor(this.#place);
    this.#stopHealth();
    const changes = await this.#removeAllBut(undefined);
    this.#inForce = undefined;
    return changes;
  }

  /** What putting the account would change, and what of it would be refused. Changes nothing. */
  async dryRun(account: Account): Promise<DryRun> {
    const { options, names, cache } = this.around;
    const isHere = isDeepStrictEqual(this.#inForce?.account.namespace, account.namespace);
    const plan = compileAccount(account, isHere ? this.#inForce?.plan : undefined, options);
    const target = this.targetOf(account.namespace);
    if (account.namespace.kind === 'own' && !isThere(target)) return tryInEmptyNamespace(plan, names, cache);
    return isHere && this.#place !== undefined ? this.#place.enforcement.dryRun(plan) : dryRun(plan, target, cache);
  }

  /** What the kernel has; undefined where it has no place for the account. */
  async counters(namespace: AccountNamespace): Promise<Counters | undefined> {
    const target = this.targetOf(namespace);
    return isThere(target) ? readCounters(target) : undefined;
  }

  /** The kernel goes on filtering and forwarding. */
  close(): void {
    this.#stopHealth();
    this.#leave();
  }

  /**
   * There is one link to the host: a place before this one goes when the rules are in force here. What cannot be done of the
   * network afterwards leaves the new rules in force.
   */
  async #send(
    place: Place,
    { account, plan }: InForce,
    network: NetworkPlan,
    { counts, anew }: Bringing,
  ): Promise<readonly string[]> {
    const isSameNetwork = isDeepStrictEqual(network, this.#network);
    const prepared = isSameNetwork ? [] : networkWords(await place.network.prepare(network));
    this.#network = undefined;
    const work = anew ? place.enforcement.rebuild(plan, counts) : place.enforcement.apply(plan, counts);
    const rules = changesOf(await orRefusal(work, plan));
    this.#inForce = { account, plan };
    // Tables that were here before are nobody's.
    await orRefusal(place.enforcement.own(), plan);
    this.#watchPins(place, plan);
    const elsewhere = await this.#removeAllBut(place.namespace);
    const isComplete = isSameNetwork && elsewhere.length === 0;
    const applied = isComplete ? [] : networkWords(await place.network.apply(network));
    this.#network = network;
    return [...prepared, ...rules, ...elsewhere, ...applied];
  }

  #watchPins({ target }: Place, plan: Plan): void {
    this.#pins?.close();
    this.#pins = watchPins(target, plan, () => this.on({ kind: 'foreign_change' }));
  }

  #plan(account: Account): NetworkPlan {
    const states = new Map([...this.tunnels].map(([name, { state }]) => [name, state]));
    const known = this.#monitor === undefined ? this.#known : states;
    return networkPlan(account, this.around.names, probedAlone(account, known));
  }

  async #open(account: Account, network: NetworkPlan): Promise<Opened> {
    if (this.#place !== undefined && !this.#isPlaceFor(account)) await this.#leaveFor(this.#place);
    if (this.#place !== undefined) return { place: this.#place, changes: [] };
    this.#isDeaf = false;
    const { namespace } = account;
    if (!this.#occupied.some(each => isDeepStrictEqual(each, namespace)))
      this.#occupied = [...this.#occupied, namespace];
    const opened = await openPlace(account, network, this.around, sign => {
      this.#isDeaf ||= sign.kind === 'deaf';
      this.on(sign);
    });
    this.#place = opened.place;
    this.#monitor?.reopen();
    return opened;
  }

  #isPlaceFor({ namespace }: Account): boolean {
    const place = this.#place;
    return place !== undefined && isDeepStrictEqual(place.namespace, namespace) && !(this.#isDeaf || isGone(place));
  }

  /**
   * A namespace that is gone lives on until it is left, and then unhooks its rules before its links go (nf_tables' pre_exit):
   * packets passed unfiltered, were the link to the host not taken away first.
   */
  async #leaveFor(place: Place): Promise<void> {
    const { names, host } = this.around;
    if (isGone(place)) await removeNetwork(names, { account: this.account, namespace: place.namespace }, host);
    this.#leave();
  }

  #leave(): void {
    this.#pins?.close();
    if (this.#place !== undefined) closePlace(this.#place);
    this.#place = undefined;
    this.#network = undefined;
  }

  /** Of a place that is gone nothing is left but what the place that stays needs too. */
  async #removeAllBut(kept: AccountNamespace | undefined): Promise<readonly string[]> {
    const changes: string[] = [];
    for (const namespace of this.#occupied) {
      if (isDeepStrictEqual(namespace, kept) || (kept !== undefined && !isThere(this.targetOf(namespace)))) continue;
      changes.push(...(await removeAccount(this.account, namespace, this.around)));
    }
    this.#occupied = kept === undefined ? [] : [kept];
    return changes;
  }

  #watchHealth(account: Account): void {
    const tunnels = monitoredTunnels(account);
    const place = this.targetOf(account.namespace);
    if (tunnels.length === 0 || this.#monitoredIn !== place.namespace) this.#stopHealth();
    if (tunnels.length === 0) return;
    this.#monitoredIn = place.namespace;
    const { answers } = this.around;
    const known = this.#known;
    this.#monitor ??= watchTunnels({ place, tunnels, answers, known }, () => this.on({ kind: 'tunnel_states' }));
    this.#monitor.update(tunnels);
  }

  #stopHealth(): void {
    this.#monitor?.close();
    this.#monitor = undefined;
  }
}

type States = ReadonlyMap<string, TunnelState>;

async function knownStates({ network }: Place, account: Account): Promise<States> {
  return monitoredTunnels(account).length === 0 ? new Map() : network.statesInForce(account);
}

/** A tunnel that is no longer to be probed is as good as any. */
function probedAlone(account: Account, states: States): States {
  const probed = monitoredTunnels(account);
  return new Map([...states].filter(([name]) => probed.some(tunnel => tunnel.name === name)));
}

async function orRefusal<T>(work: Promise<T>, plan: Plan): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const refusals = refusalsOf(error, plan);
    throw refusals === undefined ? error : new RefusedPlanError(refusals, error);
  }
}
