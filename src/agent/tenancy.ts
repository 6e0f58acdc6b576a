// What one account has in the kernel, brought to what is desired of it and compared with it: its namespace and network, its
// rules, the health of its tunnels. One call at a time.

import { isDeepStrictEqual } from 'node:util';
import type { Account, AccountNamespace } from '../account/account';
import type { TunnelHealth } from '../health/tunnel-health';
import { type NetworkPlan, networkPlan } from '../network/plan';
import type { TunnelState } from '../network/tunnel-state';
import type { Plan } from '../plan';
import { type Counters, readCounters, readKeys } from '../reconcile/counters';
import { type DryRun, dryRun } from '../reconcile/dry-run';
import type { SavedCounts } from '../reconcile/saved-counts';
import type { GoneCounts } from '../reconcile/staying';
import type { Target } from '../reconcile/target';
import { changesOf, foundWords, networkFoundWords, networkWords } from './change-words';
import { compileAccount } from './compile-account';
import { isGone, isThere, type Opened, type Place } from './place';
import { orRefusal } from './refused-plan-error';
import type { Sign } from './sign';
import type { Surroundings } from './surroundings';
import { tryInEmptyNamespace } from './trial';
import { TunnelWatch } from './tunnel-watch';
import { Whereabouts } from './whereabouts';

interface InForce {
  readonly account: Account;
  readonly plan: Plan;
  readonly gone: GoneCounts;
}

/** A network that was brought about in a place, while that is open. */
interface NetworkInForce {
  readonly place: Place;
  readonly plan: NetworkPlan;
}

/** `anew`: by a fresh generation of tables, for what changing the old ones cannot bring about. */
export interface Bringing {
  readonly counts: SavedCounts | undefined;
  readonly gone: GoneCounts;
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

/** Routes go by the states of the tunnels. */
export interface Rerouted {
  /** By which they go now; later ones are the next rerouting's. */
  readonly tunnels: ReadonlyMap<string, TunnelState>;
  /** In words. */
  readonly changes: readonly string[];
}

export interface Repaired {
  /** In words. */
  readonly changes: readonly string[];
  /** The first of what could not be repaired. */
  readonly failure?: { readonly error: unknown };
}

export type TenancySign = Sign | { readonly kind: 'tunnel_states' };

export class Tenancy {
  readonly #where: Whereabouts;
  readonly #tunnels: TunnelWatch;
  #inForce: InForce | undefined;
  #network: NetworkInForce | undefined;

  /** `occupied`: where there may be something of the account. */
  constructor(
    readonly account: string,
    readonly around: Surroundings,
    occupied: readonly AccountNamespace[],
    on: (sign: TenancySign) => void,
  ) {
    this.#where = new Whereabouts(account, around, occupied, on);
    this.#tunnels = new TunnelWatch(around.answers, () => on({ kind: 'tunnel_states' }));
  }

  get inForce(): Account | undefined {
    return this.#inForce?.account;
  }

  /** Whether a namespace is open for it. */
  get isOpen(): boolean {
    return this.#where.place !== undefined;
  }

  /** By tunnel name; those that are probed. */
  get tunnels(): ReadonlyMap<string, TunnelHealth> {
    return this.#tunnels.health;
  }

  targetOf(namespace: AccountNamespace): Target {
    return this.#where.targetOf(namespace);
  }

  /** Something of the account is there: it goes with the next bring(), but for the namespace that is desired. */
  alsoIn(namespaces: readonly AccountNamespace[]): boolean {
    return this.#where.alsoIn(namespaces);
  }

  /** Rejects with RefusedRulesError, RefusedPlanError and what else can go wrong; what was in force stays then. */
  async bring(account: Account, { counts, gone, anew }: Bringing): Promise<Brought> {
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
    await this.#orBefore(this.#tunnels.learn(account, place.network));
    const sent = await this.#send(place, { account, plan, gone }, this.#plan(account), { counts, anew });
    this.#tunnels.watch(account, place.target);
    const apply = performance.now() - compiled;
    return { policyVersion: plan.version, changes: [...changes, ...sent], compile: compiled - began, apply };
  }

  /** What others have changed of what is in force, in words; it is as before again. */
  async repair(anew: boolean): Promise<Repaired> {
    if (this.#inForce === undefined) return { changes: [] };
    const { account, plan } = this.#inForce;
    const before = this.#where.place;
    const lost = before !== undefined && isGone(before) ? this.targetOf(account.namespace).namespace : undefined;
    // Routes that do not follow the tunnels' states yet are nobody's change: reroute() comes for them.
    const network = this.#network?.plan ?? this.#plan(account);
    const { place, changes } = await this.#open(account, network);
    if (lost !== undefined || anew || place.enforcement.plan !== plan) {
      const sent = await this.#send(place, this.#inForce, network, { counts: undefined, anew });
      const gone = lost === undefined ? [] : [`namespace ${lost} is gone`];
      return { changes: [...gone, ...changes, ...sent] };
    }
    return this.#repairIn(place, plan, network, changes);
  }

  /** The rules first, whatever is in the way of the network: nothing leads packets to where these cannot be repaired. */
  async #repairIn(place: Place, plan: Plan, network: NetworkPlan, made: readonly string[]): Promise<Repaired> {
    const rules = await this.#repairRules(place, plan);
    const { value, failure = value?.failure } = await outcomeOf(() => place.network.restore(network));
    this.#network = failure === undefined ? { place, plan: network } : undefined;
    const found = value === undefined ? [] : networkFoundWords(value.change);
    return { changes: [...made, ...found, ...rules], ...(failure && { failure }) };
  }

  async #repairRules(place: Place, plan: Plan): Promise<readonly string[]> {
    const found = await place.enforcement.verify();
    if (found.none) return [];
    await orRefusal(place.enforcement.repair(), plan);
    await place.enforcement.own();
    this.#where.watchPins(place, plan);
    return foundWords(found);
  }

  async reroute(): Promise<Rerouted> {
    const { place } = this.#where;
    const tunnels = this.#tunnels.states;
    if (this.#inForce === undefined || place === undefined) return { tunnels, changes: [] };
    const plan = this.#plan(this.#inForce.account);
    if (this.#isInForce(place, plan)) return { tunnels, changes: [] };
    this.#network = undefined;
    const changes = networkWords(await place.network.apply(plan));
    this.#network = { place, plan };
    return { tunnels, changes };
  }

  /** All that is the account's and nothing else, in words. Twice is harmless. */
  async removeAll(): Promise<readonly string[]> {
    await this.#where.leave();
    this.#tunnels.close();
    const changes = await this.#where.removeAllBut(undefined);
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
    const { place } = this.#where;
    return isHere && place !== undefined ? place.enforcement.dryRun(plan) : dryRun(plan, target, cache);
  }

  /** What the kernel has; undefined where it has no place for the account. */
  async counters(namespace: AccountNamespace): Promise<Counters | undefined> {
    const target = this.targetOf(namespace);
    return isThere(target) ? readCounters(target) : undefined;
  }

  /** The kernel goes on filtering and forwarding. */
  close(): void {
    this.#tunnels.close();
    this.#where.close();
  }

  /**
   * There is one link to the host: a place before this one goes when the rules are in force here. What cannot be done of the
   * network afterwards leaves the new rules in force.
   */
  async #send(
    place: Place,
    inForce: InForce,
    network: NetworkPlan,
    { counts, anew }: Omit<Bringing, 'gone'>,
  ): Promise<readonly string[]> {
    const { plan, gone } = inForce;
    const isSameNetwork = this.#isInForce(place, network);
    const prepared = isSameNetwork ? [] : networkWords(await this.#orBefore(place.network.prepare(network)));
    this.#network = undefined;
    const { enforcement } = place;
    const work = anew ? enforcement.rebuild(plan, counts, gone) : enforcement.apply(plan, counts, gone);
    const rules = changesOf(await this.#orBefore(orRefusal(work, plan)));
    this.#inForce = inForce;
    this.#where.settle();
    // Tables that were here before are nobody's.
    await orRefusal(place.enforcement.own(), plan);
    this.#where.watchPins(place, plan);
    const elsewhere = await this.#where.removeAllBut(place.namespace);
    const isComplete = isSameNetwork && elsewhere.length === 0;
    const applied = isComplete ? [] : networkWords(await place.network.apply(network));
    this.#network = { place, plan: network };
    return [...prepared, ...rules, ...elsewhere, ...applied];
  }

  /** What fails in another place leaves the account where it was. */
  async #orBefore<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#where.goBack();
      throw error;
    }
  }

  #plan(account: Account): NetworkPlan {
    return networkPlan(account, this.around.names, this.#tunnels.statesFor(account));
  }

  #isInForce(place: Place, plan: NetworkPlan): boolean {
    return isDeepStrictEqual(this.#network?.plan, plan) && this.#network?.place === place;
  }

  async #open(account: Account, network: NetworkPlan): Promise<Opened> {
    const before = this.#where.place;
    const opened = await this.#where.open(account, network);
    if (opened.place !== before) this.#tunnels.reopen();
    return opened;
  }
}

interface Outcome<T> {
  readonly value?: T;
  readonly failure?: { readonly error: unknown };
}

async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { failure: { error } };
  }
}
