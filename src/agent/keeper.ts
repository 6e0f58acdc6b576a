// Keeps one account as it is desired: one piece of work at a time, always towards the newest that was asked for. What
// fails leaves the version before in force, which is looked after meanwhile, and is tried again.

import type { Account } from '../account/account';
import type { Plan } from '../plan';
import { type Counters, readCounters, readKeys } from '../reconcile/counters';
import { type DryRun, dryRun } from '../reconcile/dry-run';
import { accountError, isFinal } from './account-error';
import type { AccountStatus, Author } from './account-status';
import { backoff } from './backoff';
import { compileAccount } from './compile-account';
import type { Desired, PutOutcome, RemoveOutcome } from './desired';
import {
  bringInForce,
  closePlace,
  isGone,
  isSame,
  isThere,
  type Location,
  locationOf,
  openPlace,
  type Place,
  removePlace,
  repair,
} from './place';
import { RefusedPlanError } from './refused-plan-error';
import { type Repair, waitForRepair } from './repair-pace';
import type { Sign } from './rule-watch';
import { desiring, type Failure, lookedAfter, NOTHING_YET, reached, type Standing, statusOf } from './standing';
import type { Surroundings } from './surroundings';
import { tryInEmptyNamespace } from './trial';

type Goal =
  | { readonly kind: 'keep'; readonly desired: Desired; readonly told: (outcome: PutOutcome) => void }
  | { readonly kind: 'remove'; readonly told: (outcome: RemoveOutcome) => void };

interface InForce {
  readonly plan: Plan;
  readonly location: Location;
}

/** That others may have changed something. */
interface Suspicion {
  /** performance.now() of the first sign. */
  readonly since: number;
  readonly by: readonly Author[];
}

/** To try again; to repair; to look whether all is well. */
type Timer = 'goal' | 'look' | 'verify';

const OWN = { kind: 'own' } as const;

export class Keeper {
  #goal: Goal | undefined;
  #standing: Standing = NOTHING_YET;
  #place: Place | undefined;
  #inForce: InForce | undefined;
  /** The place's subscription has ended. */
  #isDeaf = false;
  /** Where there may be something of the account: here or, by an agent before this one, in its own namespace. */
  #occupied: Location[];
  #suspicion: Suspicion | undefined;
  #lastRepair: Repair | undefined;
  readonly #due = { goal: false, look: false };
  readonly #timers: { [what in Timer]?: NodeJS.Timeout } = {};
  #working: Promise<void> | undefined;
  #isClosed = false;

  /** `ended` is called when the account is removed. */
  constructor(
    readonly account: string,
    readonly around: Surroundings,
    readonly ended: () => void,
  ) {
    this.#occupied = [locationOf(around.settings, { account, namespace: OWN })];
  }

  status(): AccountStatus {
    return statusOf(this.account, this.#location().namespace, this.#standing);
  }

  /** What the kernel has; undefined where it has no place for the account. */
  async counters(): Promise<Counters | undefined> {
    const location = this.#location();
    return isThere(location) ? readCounters(location) : undefined;
  }

  /** What putting the account would change, and what of it would be refused. Changes nothing. */
  async dryRun(account: Account): Promise<DryRun> {
    const { options, settings, cache } = this.around;
    const location = locationOf(settings, account);
    const inForce = this.#inForce !== undefined && isSame(this.#inForce.location, location) ? this.#inForce : undefined;
    const plan = compileAccount(account, inForce?.plan, options);
    if (location.kind === 'own' && !isThere(location)) return tryInEmptyNamespace(plan, settings, cache);
    if (this.#place === undefined || inForce === undefined) return dryRun(plan, location, cache);
    return this.#place.enforcement.dryRun(plan);
  }

  put(desired: Desired): Promise<PutOutcome> {
    return new Promise(told => this.#pursue({ kind: 'keep', desired, told }));
  }

  remove(): Promise<RemoveOutcome> {
    return new Promise(told => this.#pursue({ kind: 'remove', told }));
  }

  /** Others may have changed something: what is in force is compared with the kernel, and repaired. */
  suspect(by: readonly Author[] = []): void {
    const { since, by: known } = this.#suspicion ?? { since: performance.now(), by: [] };
    const others = by.filter(({ processId }) => !known.some(each => each.processId === processId));
    this.#suspicion = { since, by: [...known, ...others] };
    this.#setTimer('look', waitForRepair(this.around.settings.repair, this.#lastRepair, since));
  }

  /** A name below /run/netns has come or gone. */
  suspectNamespace(name: string): void {
    if (name !== this.#location().namespace) return;
    this.suspect();
  }

  /** The kernel goes on filtering. Resolves when the work under way has ended. */
  async close(): Promise<void> {
    this.#end();
    this.#goal?.told({ kind: 'closed' });
    await this.#working;
    this.#leavePlace();
  }

  #end(): void {
    this.#isClosed = true;
    for (const what of ['goal', 'look', 'verify'] as const) this.#clearTimer(what);
  }

  #pursue(goal: Goal): void {
    this.#goal?.told({ kind: 'superseded' });
    this.#goal = goal;
    this.#standing = desiring(this.#standing, goal.kind === 'keep' ? goal.desired : undefined);
    if (this.#isClosed) goal.told({ kind: 'closed' });
    else this.#becomeDue('goal');
  }

  /** One that runs already is not put off. */
  #setTimer(what: Timer, wait: number): void {
    if (!this.#isClosed)
      this.#timers[what] ??= setTimeout(() => this.#becomeDue(what === 'goal' ? what : 'look'), wait);
  }

  #clearTimer(what: Timer): void {
    clearTimeout(this.#timers[what]);
    delete this.#timers[what];
  }

  #becomeDue(what: 'goal' | 'look'): void {
    this.#clearTimer(what);
    if (what === 'look') this.#clearTimer('verify');
    this.#due[what] = true;
    this.#work();
  }

  /** One step after the other, each in its turn among all accounts. */
  #work(): void {
    if (this.#isClosed || this.#working !== undefined || !(this.#due.goal || this.#due.look)) return;
    const urgency = this.#due.look ? 'urgent' : 'ordinary';
    this.#working = this.around.turnstile
      .pass(urgency, () => this.#step())
      .finally(() => {
        this.#working = undefined;
        this.#work();
      });
  }

  /** A change waits until what others did is repaired: so it is counted, and told from the change. */
  async #step(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#due.look || this.#suspicion !== undefined) await this.#look();
    else if (this.#goal !== undefined) await this.#approach(this.#goal);
  }

  async #approach(goal: Goal): Promise<void> {
    this.#due.goal = false;
    try {
      if (goal.kind === 'keep') await this.#keep(goal);
      else await this.#takeAway(goal);
    } catch (error) {
      if (goal !== this.#goal) return;
      this.#standing = { ...this.#standing, failure: this.#failed('goal', this.#standing.failure, error) };
      goal.told({ kind: 'failed', status: this.status() });
    }
  }

  async #keep(goal: Extract<Goal, { readonly kind: 'keep' }>): Promise<void> {
    const { account, version, counts } = goal.desired;
    const began = performance.now();
    const location = locationOf(this.around.settings, account);
    const plan = await this.#compile(account, location);
    const compiled = performance.now();
    const anew = this.#isStuck(this.#standing.failure);
    const changes = await bringInForce(this.#placeAt(location), plan, { counts, anew });
    const done = performance.now();
    this.#inForce = { plan, location };
    await this.#removeAllBut(location);
    this.#standing = reached(this.#standing, goal === this.#goal, {
      applied: version,
      policyVersion: plan.version,
      verifiedAt: new Date(),
      timings: { compile: compiled - began, apply: done - compiled },
    });
    if (anew) this.around.tell({ kind: 'rebuilt', account: this.account, version });
    this.around.tell({ kind: 'in_force', account: this.account, version, changes, milliseconds: done - began });
    goal.told({ kind: 'in_force', status: this.status() });
    this.#setTimer('verify', this.around.settings.verifyEvery);
  }

  /** An account that nobody filtered yet gets nothing of its own before its rules are known to be right. */
  async #compile(account: Account, location: Location): Promise<Plan> {
    const { options } = this.around;
    if (this.#inForce !== undefined) return compileAccount(account, this.#inForce.plan, options);
    const plan = compileAccount(account, undefined, options);
    this.#placeAt(location);
    const keys = await readKeys(location);
    return keys.size === 0 ? plan : compileAccount(account, undefined, { ...options, keys });
  }

  async #takeAway(goal: Extract<Goal, { readonly kind: 'remove' }>): Promise<void> {
    this.#leavePlace();
    const changes = await this.#removeAllBut(undefined);
    this.#inForce = undefined;
    if (goal !== this.#goal) return;
    this.around.tell({ kind: 'removed', account: this.account, changes });
    this.#end();
    this.ended();
    goal.told({ kind: 'removed' });
  }

  async #look(): Promise<void> {
    const { since, by } = this.#suspicion ?? { since: performance.now(), by: [] };
    this.#due.look = false;
    this.#clearTimer('look');
    this.#suspicion = undefined;
    try {
      if (this.#inForce === undefined) return;
      const { plan, location } = this.#inForce;
      const gone = this.#place !== undefined && isGone(this.#place) ? [`namespace ${location.namespace} is gone`] : [];
      const changed = await repair(this.#placeAt(location), plan, this.#isStuck(this.#standing.lookFailure));
      const changes = [...gone, ...changed];
      const now = performance.now();
      const found = changes.length === 0 ? undefined : { at: new Date(), changes, by };
      this.#standing = lookedAfter(this.#standing, new Date(), found, now - since);
      if (found === undefined) return;
      this.#lastRepair = { at: now, wait: waitForRepair(this.around.settings.repair, this.#lastRepair, since) };
      this.around.tell({ kind: 'repaired', account: this.account, changes, by, milliseconds: now - since });
    } catch (error) {
      this.#standing = { ...this.#standing, lookFailure: this.#failed('look', this.#standing.lookFailure, error) };
    } finally {
      this.#setTimer('verify', this.around.settings.verifyEvery);
      // What was in the way of the newest version may be gone.
      if (this.#timers.goal !== undefined) this.#becomeDue('goal');
    }
  }

  /** Where a change is refused again and again, the tables there may hold what cannot be changed. */
  #isStuck(failure: Failure | undefined): boolean {
    return failure?.isRefusal === true && failure.count >= this.around.settings.failuresBeforeRebuild;
  }

  #failed(what: 'goal' | 'look', before: Failure | undefined, thrown: unknown): Failure {
    const { backoff: settings } = this.around.settings;
    const count = (before?.count ?? 0) + 1;
    const error = accountError(thrown);
    const wait = isFinal(thrown) ? undefined : backoff(settings, count, Math.random());
    if (wait !== undefined) this.#setTimer(what, wait);
    const version = this.#standing.desired?.version;
    this.around.tell({ kind: 'failed', account: this.account, version, error, failures: count, retryIn: wait });
    const retryAt = wait === undefined ? undefined : new Date(Date.now() + wait);
    return { error, count, retryAt, isRefusal: thrown instanceof RefusedPlanError };
  }

  /** Where it is filtered, or is to be; by its name where nothing else is known. */
  #location(): Location {
    const { desired } = this.#standing;
    if (desired !== undefined) return locationOf(this.around.settings, desired.account);
    return this.#inForce?.location ?? (this.#occupied[0] as Location);
  }

  async #removeAllBut(kept: Location | undefined): Promise<readonly string[]> {
    const changes: string[] = [];
    const isKept = (location: Location) => kept !== undefined && isSame(location, kept);
    for (const location of this.#occupied.filter(each => !isKept(each))) changes.push(...(await removePlace(location)));
    this.#occupied = this.#occupied.filter(isKept);
    return changes;
  }

  #placeAt(location: Location): Place {
    if (this.#place !== undefined && !(isSame(this.#place.location, location) && this.#isPlaceWell(this.#place)))
      this.#leavePlace();
    this.#isDeaf = false;
    if (!this.#occupied.some(each => isSame(each, location))) this.#occupied.push(location);
    this.#place ??= openPlace(location, this.around, sign => this.#notice(sign));
    return this.#place;
  }

  #isPlaceWell(place: Place): boolean {
    return !(this.#isDeaf || isGone(place));
  }

  #notice(sign: Sign | { readonly kind: 'deaf' }): void {
    if (sign.kind === 'foreign_commit') {
      this.suspect(sign.by === undefined ? [] : [sign.by]);
      return;
    }
    // A subscription that has ended is opened anew, with all else.
    this.#isDeaf ||= sign.kind === 'deaf';
    this.around.tell({ kind: 'events_lost', account: this.account });
    this.suspect();
  }

  #leavePlace(): void {
    if (this.#place !== undefined) closePlace(this.#place);
    this.#place = undefined;
  }
}
