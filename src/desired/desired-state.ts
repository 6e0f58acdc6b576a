// What is desired of each account: changed by those who ask, kept in the store before anybody is told that it is, and handed
// to the agent. A version that waits for a confirmation is taken back when its time is over.

import type { AccountNamespace } from '../account/account';
import type { Agent } from '../agent/agent';
import type { Backoff } from '../agent/agent-settings';
import type { PutOutcome, RemoveOutcome, Unreadable } from '../agent/desired';
import type { CompileOptions } from '../compile';
import type { Names } from '../network/names';
import { DEFAULT_PREVIEW_OPTIONS, type Preview, preview } from '../preview/preview';
import type { DryRun } from '../reconcile/dry-run';
import { NOTHING_SAVED, savedCounts } from '../reconcile/saved-counts';
import { type ErrorReport, errorReports } from '../report/error-report';
import { refusedPolicy } from '../report/expression-report';
import type { AccountRecord } from '../store/account-record';
import { documentDigest } from '../store/document-digest';
import type { Store } from '../store/store';
import { AccountTimers } from './account-timers';
import { remaining } from './confirmation-time';
import {
  documentDiffers,
  nothingToConfirm,
  notInForce,
  noVersionBefore,
  noWayBack,
  pendingConfirmation,
  unknownAccount,
  unknownVersion,
} from './desired-error';
import type { DesiredEvent } from './desired-event';
import { type DesiredReading, desiredOf, readDesired, unreadableRecord } from './desired-reading';
import { Footprints } from './footprints';
import { namespacesOf } from './leftovers';
import { rolledBack, storeRollback } from './overdue';
import type { AllDesired } from './read-all';
import { type GivenDocument, readDocument } from './read-document';
import {
  backTo,
  type Confirmation,
  confirmed,
  expired,
  nextVersion,
  removing,
  restored,
  withVersion,
} from './record-change';

export interface DesiredOptions {
  readonly store: Store;
  readonly agent: Agent;
  readonly compile: CompileOptions;
  /** Versions that are kept of an account; more where one of them is what a way back leads to. */
  readonly keptVersions: number;
  /** Between two attempts to read what could not be read. */
  readonly backoff: Backoff;
  /** By which the agent knows its own. */
  readonly names: Names;
  readonly tell: (event: DesiredEvent) => void;
}

/** What the answer to a change says. The agent goes on trying what failed. */
export interface Changed {
  readonly account: string;
  readonly version: number;
  /** What was desired before. */
  readonly previous?: number;
  readonly confirmBy?: Date;
  readonly outcome: PutOutcome;
  readonly warnings: readonly ErrorReport[];
}

/** Milliseconds between two attempts to write a rollback to a disk that refuses. */
const STORE_AGAIN = 1000;

export class DesiredState {
  readonly #options: DesiredOptions;
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #deadlines = new AccountTimers();
  readonly #rereads = new AccountTimers();
  /** By account, until something else is wanted of it. */
  readonly #held = new Map<string, Unreadable>();
  readonly #footprints: Footprints;

  /**
   * `records` are all of the store's that can be read: what was under way when the process before ended goes on. `first` is
   * what the agent was told; what it holds is read again.
   */
  constructor(options: DesiredOptions, records: readonly AccountRecord[], first: AllDesired = NOTHING_YET) {
    this.#options = options;
    this.#footprints = new Footprints(options.store, first.desired);
    for (const record of records) {
      this.#arm(record);
      const { account, desired, restore } = record;
      if (restore !== undefined)
        this.#inBackground(account, this.#inTurn(account, () => this.#bringInForce(record)).then(done));
      if (desired === undefined) this.#inBackground(account, this.remove(account));
    }
    for (const each of first.unreadable) this.#rereadLater(each);
  }

  /** Throws DesiredError, PolicyError, ExpressionError or StoreError; nothing has changed then. */
  async put(account: string, given: GivenDocument, confirmWithin?: number): Promise<Changed> {
    const read = readDocument(given, this.#options.compile);
    if (read.account.account !== account) throw documentDiffers(account, read.account.account);
    return this.#inTurn(account, async () => {
      const before = await this.#recordOrVersions(account);
      if (before?.pending !== undefined) throw pendingConfirmation(before, before.pending);
      const digest = documentDigest(given.text);
      const last = before?.versions.find(({ version }) => version === before.desired);
      // The same text mends a file of it that is damaged.
      const isSame = before !== undefined && last?.digest === digest && (await this.#isReadable(before));
      const record = isSame ? before : await this.#store(account, before, given.text, confirmWithin);
      return this.#bringInForce(record, read.warnings);
    }).then(done);
  }

  /** What putting the document would change in the kernel, and what of it would be refused. Nothing is kept. */
  async dryRun(account: string, given: GivenDocument): Promise<DryRun & Pick<Changed, 'warnings'>> {
    const { account: wanted, warnings } = readDocument(given, this.#options.compile);
    if (wanted.account !== account) throw documentDiffers(account, wanted.account);
    return { ...(await this.#options.agent.dryRun(wanted)), warnings };
  }

  /** What the document would say otherwise than the desired one. */
  async plan(account: string, given: GivenDocument, budget?: number): Promise<Preview & Pick<Changed, 'warnings'>> {
    const { account: after, warnings } = readDocument(given, this.#options.compile);
    if (after.account !== account) throw documentDiffers(account, after.account);
    const record = await this.#options.store.record(account);
    const before = record?.desired === undefined ? undefined : await desiredOf(this.#options.store, record);
    const { site } = this.#options.compile;
    const outcome = preview(before?.account, after, {
      ...DEFAULT_PREVIEW_OPTIONS,
      site,
      names: this.#options.names,
      ...(budget && { budget }),
    });
    if (!outcome.ok) {
      const [source, refused] =
        outcome.side === 'before' ? [`version ${before?.version}`, before?.account] : [given.source, after];
      throw refusedPolicy(source, refused ?? after, outcome.refused);
    }
    return { ...outcome.value, warnings };
  }

  /** The desired version stays. Only one that is in force can be confirmed: nobody has seen what another one does. */
  confirm(account: string): Promise<Changed> {
    return this.#inTurn(account, async () => {
      const record = await this.#options.store.record(account);
      if (record === undefined) throw unknownAccount(account);
      const { pending } = record;
      if (pending === undefined || remaining(pending, new Date()) === 0) throw nothingToConfirm(account);
      const state = this.#options.agent.status(account)?.state;
      if (state !== 'pending_confirmation') throw notInForce(account);
      const next = confirmed(record);
      await this.#options.store.put(next);
      return this.#bringInForce(next);
    }).then(done);
  }

  /** To the version before, or to the one that is named. What waits for a confirmation is taken back, counts and all. */
  rollback(account: string, version?: number): Promise<Changed> {
    return this.#inTurn(account, async () => {
      const record = await this.#known(account);
      const { pending } = record;
      // Without a record nobody knows which version was before.
      if (version === undefined) await this.#options.store.record(account);
      const next =
        pending !== undefined && (version === undefined || version === pending.previous)
          ? expired(record, pending)
          : backTo(record, earlierVersion(record, version));
      if (next.desired === undefined) throw noVersionBefore(account);
      // A document that cannot be read must not become what is desired.
      await desiredOf(this.#options.store, next);
      await this.#options.store.put(next);
      return this.#bringInForce(next);
    }).then(done);
  }

  /** The account with all that is its own, versions included. */
  async remove(account: string): Promise<RemoveOutcome> {
    const { outcome } = await this.#inTurn(account, async () => {
      const before = await this.#known(account);
      const alsoIn = await namespacesOf(this.#options.store, before);
      const record = removing(before);
      await this.#options.store.put(record);
      this.#arm(record);
      return { outcome: this.#takeAway(account, alsoIn) };
    });
    return outcome;
  }

  /** The agent has brought it into force, perhaps after some attempts. */
  cameInForce(account: string, version: number): void {
    const narrowed = this.#inTurn(account, async () => {
      // Of one that is lost what was in force before is looked after.
      if (await this.#isLost(account)) return;
      if ((await this.#options.store.record(account)) !== undefined) await this.#footprints.narrow(account, version);
    });
    this.#inBackground(account, narrowed);
  }

  /** The agent has removed it, perhaps after some attempts. Harmless where it is desired again. */
  removed(account: string): void {
    this.#inBackground(account, this.#forget(account));
  }

  #forget(account: string): Promise<void> {
    return this.#inTurn(account, async () => {
      const record = await this.#options.store.record(account);
      if (record === undefined || record.desired !== undefined) return;
      await this.#options.store.forget(account);
      this.#footprints.forget(account);
    });
  }

  /** Of one that cannot be read only the versions that there are. */
  record(account: string): Promise<AccountRecord> {
    return this.#known(account);
  }

  async document(account: string, version: number): Promise<string> {
    await this.#known(account);
    return this.#options.store.document(account, version);
  }

  /** What is under way is finished; confirmations wait on the disk. */
  async close(): Promise<void> {
    this.#deadlines.close();
    this.#rereads.close();
    await Promise.allSettled(this.#turns.values());
  }

  /** One at a time for each account, in the order in which they were asked for. */
  #inTurn<T>(account: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(account) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => undefined);
    this.#turns.set(account, settled);
    void settled.then(() => {
      if (this.#turns.get(account) === settled) this.#turns.delete(account);
    });
    return turn;
  }

  /** What nobody waits for; a store that fails is told, as there is nobody to answer. */
  #inBackground(account: string, work: Promise<unknown>): void {
    work.catch(error => this.#tellUnstored(account, error));
  }

  #tellUnstored(account: string, error: unknown): void {
    for (const report of errorReports(error)) this.#options.tell({ kind: 'not_stored', account, error: report });
  }

  /** In a turn: what is asked for next comes after it for the agent too. */
  async #takeAway(account: string, alsoIn: readonly AccountNamespace[]): Promise<RemoveOutcome> {
    const outcome = await this.#options.agent.remove(account, alsoIn);
    if (outcome.kind === 'removed') await this.#forget(account);
    return outcome;
  }

  async #known(account: string): Promise<AccountRecord> {
    const record = await this.#recordOrVersions(account);
    if (record === undefined) throw unknownAccount(account);
    return record;
  }

  /** A record that cannot be read is taken the place of by what is asked for next, as the versions that there are go on. */
  async #recordOrVersions(account: string): Promise<AccountRecord | undefined> {
    const { store } = this.#options;
    return (await this.#isLost(account)) ? store.salvage(account) : store.record(account);
  }

  async #isLost(account: string): Promise<boolean> {
    return (await this.#options.store.lost()).some(lost => lost.account === account);
  }

  async #store(
    account: string,
    before: AccountRecord | undefined,
    text: string,
    milliseconds: number | undefined,
  ): Promise<AccountRecord> {
    const { store, keptVersions } = this.#options;
    const version = nextVersion(before);
    const added = { version, created: new Date(), digest: documentDigest(text) };
    if (milliseconds !== undefined && !(await this.#hasWayBack(account, before)))
      throw noWayBack(account, before?.desired);
    const confirmation = milliseconds === undefined ? undefined : await this.#confirmation(account, milliseconds);
    const record = withVersion(account, before, added, keptVersions, confirmation);
    await store.put(record, { version, text });
    return record;
  }

  async #hasWayBack(account: string, before: AccountRecord | undefined): Promise<boolean> {
    if (await this.#isLost(account)) return false;
    return before?.desired === undefined || this.#isReadable(before);
  }

  async #isReadable(record: AccountRecord): Promise<boolean> {
    return record.desired !== undefined && (await this.#read(record)).kind === 'desired';
  }

  async #confirmation(account: string, milliseconds: number): Promise<Confirmation> {
    const counters = await this.#options.agent.counters(account);
    const counts = counters === undefined ? NOTHING_SAVED : savedCounts(counters);
    return { deadline: new Date(Date.now() + milliseconds), milliseconds, counts };
  }

  /**
   * Rejects where what is desired cannot be read; the agent holds the account then. The turn ends when the agent has been
   * told, not when the kernel has it: an answer that is long in coming holds up nobody.
   */
  async #bringInForce(record: AccountRecord, warnings: readonly ErrorReport[] = []): Promise<Told> {
    const { agent } = this.#options;
    const { account, previous, pending } = record;
    this.#arm(record);
    const reading = await this.#read(record);
    if (reading.kind === 'unreadable') {
      this.#hold(reading.unreadable);
      throw reading.cause;
    }
    const { desired } = reading;
    // A disk that refuses it holds up no change.
    await this.#footprints.widen(desired).catch((error: unknown) => this.#tellUnstored(account, error));
    const outcome = agent.put(desired).then(async result => {
      if (result.kind === 'in_force' && record.restore !== undefined) await this.#forgetCounts(record);
      return result;
    });
    const told = { account, version: desired.version, warnings };
    const optional = { ...(previous && { previous }), ...(pending && { confirmBy: pending.deadline }) };
    return { told: { ...told, ...optional }, outcome };
  }

  #forgetCounts(record: AccountRecord): Promise<void> {
    return this.#inTurn(record.account, async () => {
      if ((await this.#options.store.record(record.account)) === record)
        await this.#options.store.put(restored(record));
    });
  }

  #arm({ account, pending }: AccountRecord): void {
    this.#deadlines.clear(account);
    this.#rereads.clear(account);
    this.#held.delete(account);
    if (pending !== undefined) this.#expireIn(account, pending.deadline, remaining(pending, new Date()));
  }

  #expireIn(account: string, deadline: Date, milliseconds: number): void {
    const expire = () => this.#inTurn(account, () => this.#expire(account, deadline));
    this.#deadlines.set(account, milliseconds, () => this.#inBackground(account, expire()));
  }

  #read(record: AccountRecord, failures = 0): Promise<DesiredReading> {
    return readDesired(this.#options.store, record, { failures: failures + 1, pace: this.#options.backoff });
  }

  #hold(unreadable: Unreadable): void {
    this.#options.agent.hold(unreadable);
    this.#rereadLater(unreadable);
  }

  #rereadLater(held: Unreadable): void {
    const { account, retryAt } = held;
    this.#held.set(account, held);
    if (retryAt === undefined) return;
    const again = () => this.#inTurn(account, () => this.#reread(held));
    this.#rereads.set(account, retryAt.getTime() - Date.now(), () => this.#inBackground(account, again()));
  }

  /** What was in the way of reading it may be gone. */
  async #reread(held: Unreadable): Promise<void> {
    const { store, tell, backoff: pace } = this.#options;
    const { account, failures } = held;
    // Mended while this waited for its turn.
    if (this.#held.get(account) !== held) return;
    await store.reread(account);
    const lost = (await store.lost()).find(each => each.account === account);
    if (lost !== undefined) return this.#hold(unreadableRecord(lost, { failures: failures + 1, pace }));
    const record = await store.record(account);
    if (record === undefined) return;
    const next = await rolledBack(store, record, new Date(), tell);
    if (next.desired === undefined) {
      return this.#inBackground(account, this.#takeAway(account, await namespacesOf(store, next)));
    }
    const reading = await this.#read(next, failures);
    if (reading.kind === 'unreadable') this.#hold(reading.unreadable);
    else this.#inBackground(account, done(await this.#bringInForce(next)));
  }

  /** The old version comes back even where the disk refuses: what is there then leads to the same after a restart. */
  async #expire(account: string, deadline: Date): Promise<void> {
    const { store, tell } = this.#options;
    const record = await store.record(account);
    // Confirmed meanwhile, or another change waits already.
    if (record?.pending?.deadline.getTime() !== deadline.getTime()) return;
    const next = expired(record, record.pending);
    const isStored = await storeRollback(store, record, next, tell);
    try {
      if (next.desired === undefined)
        this.#inBackground(account, this.#takeAway(account, await namespacesOf(store, next)));
      else this.#inBackground(account, done(await this.#bringInForce(next)));
    } finally {
      if (!isStored) this.#expireIn(account, deadline, STORE_AGAIN);
    }
  }
}

const NOTHING_YET: AllDesired = { desired: [], unreadable: [] };

interface Told {
  readonly told: Omit<Changed, 'outcome'>;
  readonly outcome: Promise<PutOutcome>;
}

async function done({ told, outcome }: Told): Promise<Changed> {
  return { ...told, outcome: await outcome };
}

function earlierVersion({ account, previous, versions }: AccountRecord, version: number | undefined): number {
  const wanted = version ?? previous;
  if (wanted === undefined) throw noVersionBefore(account);
  if (versions.some(each => each.version === wanted)) return wanted;
  throw unknownVersion(account, wanted);
}
