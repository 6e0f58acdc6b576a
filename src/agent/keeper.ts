// Keeps one account as it is desired: one piece of work at a time, always towards the newest that was asked for. What
// fails leaves the version before in force, which is looked after meanwhile, and is tried again.

import type { Account, AccountNamespace } from '../account/account';
import type { Counters } from '../reconcile/counters';
import type { DryRun } from '../reconcile/dry-run';
import { accountError, isFinal, isOfWhatWasRead } from './account-error';
import type { AccountStatus, Author } from './account-status';
import { Agenda, type Work } from './agenda';
import { backoff } from './backoff';
import type { Desired, Leftovers, PutOutcome, RemoveOutcome, Unreadable } from './desired';
import { type Bound, isSameNamespace, type Tenant } from './namespace-tenant';
import { RefusedPlanError } from './refused-plan-error';
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
import { Suspicion } from './suspicion';
import { Tenancy, type TenancySign } from './tenancy';

type Goal =
  | { readonly kind: 'keep'; readonly desired: Desired; readonly told: (outcome: PutOutcome) => void }
  | { readonly kind: 'remove'; readonly why: 'asked' | 'unwanted'; readonly told: (outcome: RemoveOutcome) => void };

/** Looks in a row whose failure may be over with the next: what they have repaired is told with the rest. */
const PASSING = 2;

const OWN: AccountNamespace = { kind: 'own' };

export class Keeper {
  readonly #tenancy: Tenancy;
  readonly #agenda: Agenda;
  readonly #suspicion: Suspicion;
  #goal: Goal | undefined;
  /** By looks since the last telling, in words. */
  readonly #repaired: string[] = [];
  #standing: Standing = NOTHING_YET;
  /** Until something is in force here. */
  #meanwhile: Leftovers['meanwhile'];

  /** `occupied`: where there may be something of the account. `ended` is called when it is removed. */
  constructor(
    readonly account: string,
    readonly around: Surroundings,
    readonly ended: () => void,
    occupied: readonly AccountNamespace[] = [OWN],
  ) {
    const { turnstile, settings } = around;
    this.#tenancy = new Tenancy(account, around, occupied, sign => this.#notice(sign));
    this.#suspicion = new Suspicion(settings.repair);
    const mustLook = () => this.#suspicion.isFresh;
    this.#agenda = new Agenda(turnstile, mustLook, work => this.#do(work));
  }

  status(): AccountStatus {
    const { desired, unreadable } = this.#standing;
    const isKnown = unreadable === undefined || desired !== undefined || this.#tenancy.inForce !== undefined;
    const namespace = isKnown ? this.#tenancy.targetOf(this.#namespace()).namespace : undefined;
    return statusOf({ account: this.account, namespace, tunnels: this.#tenancy.tunnels }, this.#standing);
  }

  /** Whether it is known what the kernel has of the account. */
  get isRead(): boolean {
    const { verifiedAt, failure, unreadable } = this.#standing;
    if (unreadable !== undefined) return false;
    return verifiedAt !== undefined || failure?.isRead === true;
  }

  /** An agent before this one has left something of the account there. */
  foundIn(namespaces: readonly AccountNamespace[]): void {
    if (this.#tenancy.alsoIn(namespaces)) this.#agenda.add('goal');
  }

  counters(): Promise<Counters | undefined> {
    return this.#tenancy.counters(this.#namespace());
  }

  dryRun(account: Account): Promise<DryRun> {
    return this.#tenancy.dryRun(account);
  }

  routesTo(isWanted: (account: Account) => boolean): boolean {
    return [this.#tenancy.inForce, this.#standing.desired?.account].some(each => each !== undefined && isWanted(each));
  }

  put(desired: Desired): Promise<PutOutcome> {
    this.#inherit(desired);
    return new Promise(told => this.#pursue({ kind: 'keep', desired, told }));
  }

  /** Nothing is changed any more but what others change of what is in force. */
  hold(unreadable: Unreadable): void {
    this.#inherit(unreadable);
    this.#goal?.told({ kind: 'superseded' });
    this.#goal = undefined;
    this.#agenda.clearTimer('goal');
    this.#standing = holding(this.#standing, unreadable);
    const { version, error, failures, retryAt } = unreadable;
    const retryIn = retryAt && Math.max(0, retryAt.getTime() - Date.now());
    this.around.tell({ kind: 'failed', account: this.account, version, error, failures, retryIn });
    this.#agenda.add('look');
  }

  remove(why: 'asked' | 'unwanted', alsoIn: readonly AccountNamespace[] = []): Promise<RemoveOutcome> {
    this.#tenancy.alsoIn(alsoIn);
    return new Promise(told => this.#pursue({ kind: 'remove', why, told }));
  }

  /** Others may have changed something: what is in force is compared with the kernel, and repaired. */
  suspect(by: readonly Author[] = []): void {
    this.#agenda.setTimer('look', this.#suspicion.add(by));
  }

  /** What it is of the namespace: undefined where nothing of it is wanted there. */
  tenantOf(bound: Bound): Tenant | undefined {
    const accounts = [this.#tenancy.inForce, this.#standing.desired?.account].filter(each => each !== undefined);
    const isHere = accounts.some(({ namespace }) =>
      isSameNamespace(bound, { namespace, target: this.#tenancy.targetOf(namespace) }),
    );
    return isHere ? { account: this.account, isThere: this.#tenancy.isOpen } : undefined;
  }

  /** A name below /run/netns has come or gone. */
  suspectNamespace(name: string): void {
    const wanted = this.#standing.desired?.account.namespace ?? OWN;
    const names = [this.#namespace(), wanted].map(each => this.#tenancy.targetOf(each).namespace);
    if (names.includes(name)) this.suspect();
  }

  /** The kernel goes on filtering. Resolves when the work under way has ended. */
  async close(): Promise<void> {
    this.#agenda.close();
    this.#goal?.told({ kind: 'closed' });
    await this.#agenda.quiet();
    this.#tenancy.close();
  }

  #namespace(): AccountNamespace {
    const { namespace = OWN } = this.#tenancy.inForce ?? this.#standing.desired?.account ?? {};
    return namespace;
  }

  #inherit({ meanwhile, alsoIn = [] }: Leftovers): void {
    if (this.#tenancy.inForce === undefined) this.#meanwhile ??= meanwhile;
    this.#tenancy.alsoIn(alsoIn);
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
        this.#agenda.add('reroute');
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
    if (this.#agenda.isClosed) goal.told({ kind: 'closed' });
    else this.#agenda.add('goal');
  }

  async #do(work: Work): Promise<void> {
    if (work === 'goal') await this.#approach();
    else await this.#lookAfter(work);
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
      if (this.#meanwhile !== undefined) this.#agenda.add('look');
      goal.told({ kind: 'failed', status: this.status() });
    }
  }

  async #keep(goal: Extract<Goal, { readonly kind: 'keep' }>): Promise<void> {
    await this.#bring(goal.desired, this.#isStuck(this.#standing.failure), () => goal === this.#goal);
    goal.told({ kind: 'in_force', status: this.status() });
    this.#agenda.setTimer('verify', this.around.settings.verifyEvery);
  }

  /** `isNewest`: whether it is what is desired, when it is in force. */
  async #bring(
    { account, version, counts, confirmBy }: Desired,
    anew: boolean,
    isNewest: () => boolean,
  ): Promise<void> {
    const gone = confirmBy === undefined ? 'forgotten' : 'kept';
    const { changes, policyVersion, compile, apply } = await this.#tenancy.bring(account, { counts, gone, anew });
    const timings = { compile, apply };
    const applied = { applied: version, policyVersion, verifiedAt: new Date(), timings };
    this.#standing = reached(this.#standing, isNewest(), applied);
    this.#meanwhile = undefined;
    if (anew) this.around.tell({ kind: 'rebuilt', account: this.account, version });
    this.around.tell({ kind: 'in_force', account: this.account, version, changes, milliseconds: compile + apply });
  }

  async #takeAway(goal: Extract<Goal, { readonly kind: 'remove' }>): Promise<void> {
    const changes = await this.#tenancy.removeAll();
    if (goal !== this.#goal) return;
    this.around.tell({ kind: goal.why === 'asked' ? 'removed' : 'swept', account: this.account, changes });
    this.#agenda.close();
    this.ended();
    goal.told({ kind: 'removed' });
  }

  async #lookAfter(what: 'look' | 'reroute'): Promise<void> {
    try {
      if (what === 'reroute') await this.#reroute();
      else await this.#look();
    } catch (error) {
      this.#suspicion.postpone();
      this.#standing = { ...this.#standing, lookFailure: this.#failed('look', this.#standing.lookFailure, error) };
    } finally {
      this.#agenda.setTimer('verify', this.around.settings.verifyEvery);
    }
  }

  async #look(): Promise<void> {
    this.#suspicion.examine();
    this.#agenda.clearTimer('look');
    this.#agenda.clearTimer('verify');
    // What was in the way of the newest version may be gone.
    if (this.#agenda.hasTimer('goal')) this.#agenda.add('goal');
    if (this.#tenancy.inForce === undefined) return this.#resume();
    const anew = this.#isStuck(this.#standing.lookFailure);
    const { changes, failure } = await this.#tenancy.repair(anew);
    this.#repaired.push(...changes);
    const { lookFailure } = this.#standing;
    if (failure === undefined) this.#tellRepaired(anew);
    else if (this.#repaired.length > 0 && lookFailure !== undefined && lookFailure.count >= PASSING) {
      this.#tellRepaired(anew);
      this.#standing = { ...this.#standing, lookFailure };
    }
    if (failure !== undefined) throw failure.error;
  }

  #tellRepaired(anew: boolean): void {
    const changes = this.#repaired.splice(0);
    const { by, milliseconds } = this.#suspicion.settle(changes.length > 0);
    const found = changes.length === 0 ? undefined : { at: new Date(), changes, by };
    this.#standing = lookedAfter(this.#standing, new Date(), found, milliseconds);
    if (found === undefined) return;
    if (anew) this.around.tell({ kind: 'rebuilt', account: this.account, version: this.#standing.applied });
    this.around.tell({ kind: 'repaired', account: this.account, changes, by, milliseconds });
  }

  /** What was in force before this agent filters still: only once what is desired has failed is it what is looked after. */
  async #resume(): Promise<void> {
    const { failure } = this.#standing;
    if (this.#meanwhile === undefined || failure === undefined) return;
    await this.#bring(this.#meanwhile, false, () => false);
  }

  async #reroute(): Promise<void> {
    const { tunnels, changes } = await this.#tenancy.reroute();
    this.around.tell({ kind: 'rerouted', account: this.account, tunnels: Object.fromEntries(tunnels), changes });
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
    if (wait !== undefined) this.#agenda.setTimer(what, wait);
    const version = this.#standing.desired?.version;
    this.around.tell({ kind: 'failed', account: this.account, version, error, failures: count, retryIn: wait });
    const retryAt = wait === undefined ? undefined : new Date(Date.now() + wait);
    const isRefusal = thrown instanceof RefusedPlanError;
    return { error, count, retryAt, isRefusal, isRead: isOfWhatWasRead(thrown) };
  }
}
