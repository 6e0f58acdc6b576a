// Keeps one account as it is desired: one piece of work at a time, always towards the newest that was asked for. What
// fails leaves the version before in force, which is looked after meanwhile, and is tried again.

import type { Account, AccountNamespace } from '../account/account';
import type { Counters } from '../reconcile/counters';
import type { DryRun } from '../reconcile/dry-run';
import { accountError, isFinal, isOfWhatWasRead } from './account-error';
import type { AccountStatus, Author } from './account-status';
import { backoff } from './backoff';
import type { Desired, PutOutcome, RemoveOutcome, Unreadable } from './desired';
import { RefusedPlanError } from './refused-plan-error';
import { type Repair, waitForRepair } from './repair-pace';
import {
  desiring,
  type Failure,
  holding,
  lookedAfter,
  NOTHING_YET,
  reached,
  type Standing,
  statusOf,
} from './standing';
import type { Surroundings } from './surroundings';
import { Tenancy, type TenancySign } from './tenancy';

type Goal =
  | { readonly kind: 'keep'; readonly desired: Desired; readonly told: (outcome: PutOutcome) => void }
  | { readonly kind: 'remove'; readonly why: 'asked' | 'unwanted'; readonly told: (outcome: RemoveOutcome) => void };

/** That others may have changed something. */
interface Suspicion {
  /** performance.now() of the first sign. */
  readonly since: number;
  readonly by: readonly Author[];
}

/** In the order in which they are done. What others did is repaired before a change: so it is counted, and told from it. */
const WORK = ['look', 'reroute', 'goal'] as const;
type Work = (typeof WORK)[number];

/** To try again; to repair; to look whether all is well. */
type Timer = 'goal' | 'look' | 'verify';

const OWN: AccountNamespace = { kind: 'own' };

export class Keeper {
  readonly #tenancy: Tenancy;
  #goal: Goal | undefined;
  #standing: Standing = NOTHING_YET;
  #suspicion: Suspicion | undefined;
  /** Of looks that have failed. */
  #unrepaired: Suspicion | undefined;
  #lastRepair: Repair | undefined;
  readonly #due = new Set<Work>();
  #last: Work | undefined;
  readonly #timers: { [what in Timer]?: NodeJS.Timeout } = {};
  #working: Promise<void> | undefined;
  #isClosed = false;

  /** `occupied`: where there may be something of the account. `ended` is called when it is removed. */
  constructor(
    readonly account: string,
    readonly around: Surroundings,
    readonly ended: () => void,
    occupied: readonly AccountNamespace[] = [OWN],
  ) {
    this.#tenancy = new Tenancy(account, around, occupied, sign => this.#notice(sign));
  }

  status(): AccountStatus {
    const { desired, unreadable } = this.#standing;
    const isKnown = unreadable === undefined || desired !== undefined;
    const namespace = isKnown ? this.#tenancy.targetOf(this.#namespace()).namespace : undefined;
    return statusOf({ account: this.account, namespace, tunnels: this.#tenancy.tunnels }, this.#standing);
  }

  /** Whether it is known what the kernel has of the account. */
  get isRead(): boolean {
    const { verifiedAt, failure } = this.#standing;
    return verifiedAt !== undefined || failure?.isRead === true;
  }

  /** An agent before this one has left something of the account there. */
  foundIn(namespaces: readonly AccountNamespace[]): void {
    if (this.#tenancy.alsoIn(namespaces)) this.#becomeDue('goal');
  }

  counters(): Promise<Counters | undefined> {
    return this.#tenancy.counters(this.#namespace());
  }

  dryRun(account: Account): Promise<DryRun> {
    return this.#tenancy.dryRun(account);
  }

  routesTo(isWanted: (account: Account) => boolean): boolean {
    return this.#standing.desired !== undefined && isWanted(this.#standing.desired.account);
  }

  put(desired: Desired): Promise<PutOutcome> {
    return new Promise(told => this.#pursue({ kind: 'keep', desired, told }));
  }

  /** Nothing is changed any more but what others change of what is in force. */
  hold(unreadable: Unreadable): void {
    this.#goal?.told({ kind: 'superseded' });
    this.#goal = undefined;
    this.#clearTimer('goal');
    this.#standing = holding(this.#standing, unreadable);
    const { version, error } = unreadable;
    this.around.tell({ kind: 'failed', account: this.account, version, error, failures: 1, retryIn: undefined });
  }

  remove(why: 'asked' | 'unwanted'): Promise<RemoveOutcome> {
    return new Promise(told => this.#pursue({ kind: 'remove', why, told }));
  }

  /** Others may have changed something: what is in force is compared with the kernel, and repaired. */
  suspect(by: readonly Author[] = []): void {
    const { since, by: known } = this.#suspicion ?? { since: performance.now(), by: [] };
    this.#suspicion = { since, by: joinAuthors(known, by) };
    this.#setTimer('look', waitForRepair(this.around.settings.repair, this.#lastRepair, since));
  }

  /** A name below /run/netns has come or gone. */
  suspectNamespace(name: string): void {
    if (name === this.#tenancy.targetOf(this.#namespace()).namespace) this.suspect();
  }

  /** The kernel goes on filtering. Resolves when the work under way has ended. */
  async close(): Promise<void> {
    this.#end();
    this.#goal?.told({ kind: 'closed' });
    await this.#working;
    this.#tenancy.close();
  }

  #end(): void {
    this.#isClosed = true;
    for (const what of ['goal', 'look', 'verify'] as const) this.#clearTimer(what);
  }

  #namespace(): AccountNamespace {
    return this.#standing.desired?.account.namespace ?? OWN;
  }

  #notice(sign: TenancySign): void {
    switch (sign.kind) {
      case 'foreign_commit':
        this.suspect(sign.by === undefined ? [] : [sign.by]);
        return;
      case 'foreign_change':
        this.suspect();
        return;
      case 'tunnel_states':
        this.#becomeDue('reroute');
        return;
      case 'lost':
      case 'deaf':
        this.around.tell({ kind: 'events_lost', account: this.account });
        this.suspect();
    }
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

  #becomeDue(what: Work): void {
    if (what === 'goal') this.#clearTimer('goal');
    this.#due.add(what);
    this.#work();
  }

  /** One step after the other, each in its turn among all accounts. */
  #work(): void {
    if (this.#isClosed || this.#working !== undefined || this.#due.size === 0) return;
    const urgency = this.#due.has('goal') && this.#due.size === 1 ? 'ordinary' : 'urgent';
    this.#working = this.around.turnstile
      .pass(urgency, () => this.#step())
      .finally(() => {
        this.#working = undefined;
        this.#work();
      });
  }

  async #step(): Promise<void> {
    if (this.#isClosed) return;
    const next = this.#next();
    if (next === undefined) return;
    this.#last = next;
    this.#due.delete(next);
    if (next === 'goal') await this.#approach();
    else await this.#lookAfter(next);
  }

  /** Somebody who changes things all the time must not keep a change from its turn. */
  #next(): Work | undefined {
    if (this.#last === 'look' && this.#due.has('goal')) return 'goal';
    return this.#suspicion === undefined ? WORK.find(each => this.#due.has(each)) : 'look';
  }

  async #approach(): Promise<void> {
    const goal = this.#goal;
    if (goal === undefined) return;
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
    const anew = this.#isStuck(this.#standing.failure);
    const { changes, policyVersion, compile, apply } = await this.#tenancy.bring(account, { counts, anew });
    const timings = { compile, apply };
    const verifiedAt = new Date();
    this.#standing = reached(this.#standing, goal === this.#goal, {
      applied: version,
      policyVersion,
      verifiedAt,
      timings,
    });
    if (anew) this.around.tell({ kind: 'rebuilt', account: this.account, version });
    this.around.tell({ kind: 'in_force', account: this.account, version, changes, milliseconds: compile + apply });
    goal.told({ kind: 'in_force', status: this.status() });
    this.#setTimer('verify', this.around.settings.verifyEvery);
  }

  async #takeAway(goal: Extract<Goal, { readonly kind: 'remove' }>): Promise<void> {
    const changes = await this.#tenancy.removeAll();
    if (goal !== this.#goal) return;
    this.around.tell({ kind: goal.why === 'asked' ? 'removed' : 'swept', account: this.account, changes });
    this.#end();
    this.ended();
    goal.told({ kind: 'removed' });
  }

  async #lookAfter(what: 'look' | 'reroute'): Promise<void> {
    try {
      if (what === 'reroute') await this.#reroute();
      else await this.#look();
    } catch (error) {
      this.#standing = { ...this.#standing, lookFailure: this.#failed('look', this.#standing.lookFailure, error) };
    } finally {
      this.#setTimer('verify', this.around.settings.verifyEvery);
    }
  }

  async #look(): Promise<void> {
    const { since, by: suspects } = this.#unrepaired ?? this.#suspicion ?? { since: performance.now(), by: [] };
    this.#unrepaired = { since, by: joinAuthors(suspects, this.#suspects()) };
    this.#suspicion = undefined;
    this.#clearTimer('look');
    this.#clearTimer('verify');
    // What was in the way of the newest version may be gone.
    if (this.#timers.goal !== undefined) this.#becomeDue('goal');
    if (!this.#tenancy.isInForce) return;
    const anew = this.#isStuck(this.#standing.lookFailure);
    const changes = await this.#tenancy.repair(anew);
    const now = performance.now();
    // Another sign may have led here first: whose change it was is told a moment later.
    const by = joinAuthors(this.#unrepaired.by, this.#suspects());
    this.#unrepaired = undefined;
    const found = changes.length === 0 ? undefined : { at: new Date(), changes, by };
    this.#standing = lookedAfter(this.#standing, new Date(), found, now - since);
    if (found === undefined) return;
    this.#lastRepair = { at: now, wait: waitForRepair(this.around.settings.repair, this.#lastRepair, since) };
    if (anew) this.around.tell({ kind: 'rebuilt', account: this.account, version: this.#standing.applied });
    this.around.tell({ kind: 'repaired', account: this.account, changes, by, milliseconds: now - since });
  }

  #suspects(): readonly Author[] {
    return this.#suspicion?.by ?? [];
  }

  async #reroute(): Promise<void> {
    const changes = await this.#tenancy.reroute();
    const tunnels = Object.fromEntries([...this.#tenancy.tunnels].map(([name, { state }]) => [name, state]));
    this.around.tell({ kind: 'rerouted', account: this.account, tunnels, changes });
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
    const isRefusal = thrown instanceof RefusedPlanError;
    return { error, count, retryAt, isRefusal, isRead: isOfWhatWasRead(thrown) };
  }
}

function joinAuthors(known: readonly Author[], more: readonly Author[]): readonly Author[] {
  return [...known, ...more.filter(({ processId }) => !known.some(each => each.processId === processId))];
}
