// What is desired of each account: changed by those who ask, kept in the store before anybody is told that it is, and handed
// to the agent. A version that waits for a confirmation is taken back when its time is over.

import type { AccountNamespace } from '../account/account';
import type { Agent } from '../agent/agent';
import type { Backoff } from '../agent/agent-settings';
import type { PutOutcome, RemoveOutcome, Unreadable } from '../agent/desired';
import type { DryRun } from '../reconcile/dry-run';
import { type ErrorReport, errorReports } from '../report/error-report';
import type { AccountRecord } from '../store/account-record';
import { AccountTimers } from './account-timers';
import { AccountTurns } from './account-turns';
import { remaining } from './confirmation-time';
import { nothingToConfirm, notInForce, noVersionBefore, pendingConfirmation, unknownAccount } from './desired-error';
import type { DesiredEvent } from './desired-event';
import { type DesiredPreview, type DesiredPreviewOptions, previewDesired } from './desired-preview';
import { type DesiredReading, desiredOf, readDesired, unreadableRecord } from './desired-reading';
import { Footprints } from './footprints';
import { HeldAccounts } from './held-accounts';
import { earlierVersion, isLost, knownRecord, recordOrVersions } from './known-record';
import { namespacesOf } from './leftovers';
import { isDesired, type NewVersionOptions, storeNewVersion } from './new-version';
import { rolledBack, storeRollback } from './overdue';
import type { AllDesired } from './read-all';
import { type GivenDocument, readDocumentOf } from './read-document';
import { backTo, confirmed, expired, removing, restored } from './record-change';

export interface DesiredOptions extends NewVersionOptions, DesiredPreviewOptions {
  readonly agent: Agent;
  /** Between two attempts to read what could not be read. */
  readonly backoff: Backoff;
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
  readonly #turns = new AccountTurns();
  readonly #deadlines = new AccountTimers();
  readonly #held: HeldAccounts;
  readonly #footprints: Footprints;

  /**
   * `records` are all of the store's that can be read: what was under way when the process before ended goes on. `first` is
   * what the agent was told; what it holds is read again.
   */
  constructor(options: DesiredOptions, records: readonly AccountRecord[], first: AllDesired = NOTHING_YET) {
    this.#options = options;
    this.#footprints = new Footprints(options.store, first.desired);
    this.#held = new HeldAccounts(options.agent, held => {
      this.#inBackground(
        held.account,
        this.#turns.take(held.account, () => this.#reread(held)),
      );
    });
    for (const record of records) {
      this.#arm(record);
      const { account, desired, restore } = record;
      if (restore !== undefined)
        this.#inBackground(account, this.#turns.take(account, () => this.#bringInForce(record)).then(done));
      if (desired === undefined) this.#inBackground(account, this.remove(account));
    }
    for (const each of first.unreadable) this.#held.keep(each);
  }

  /** Throws DesiredError, PolicyError, ExpressionError or StoreError; nothing has changed then. */
  async put(account: string, given: GivenDocument, confirmWithin?: number): Promise<Changed> {
    const { store, compile } = this.#options;
    const { warnings } = readDocumentOf(account, given, compile);
    const change = async () => {
      const before = await recordOrVersions(store, account);
      if (before?.pending !== undefined) throw pendingConfirmation(before, before.pending);
      const isSame = before !== undefined && (await isDesired(store, before, given.text));
      const record = isSame ? before : await storeNewVersion(this.#options, account, before, given.text, confirmWithin);
      return this.#bringInForce(record, warnings);
    };
    return this.#turns.take(account, change).then(done);
  }

  /** What putting the document would change in the kernel, and what of it would be refused. Nothing is kept. */
  async dryRun(account: string, given: GivenDocument): Promise<DryRun & Pick<Changed, 'warnings'>> {
    const { account: wanted, warnings } = readDocumentOf(account, given, this.#options.compile);
    return { ...(await this.#options.agent.dryRun(wanted)), warnings };
  }

  /** What the document would say otherwise than the desired one. */
  plan(account: string, given: GivenDocument, budget?: number): Promise<DesiredPreview> {
    return previewDesired(this.#options, account, given, budget);
  }

  /** The desired version stays. Only one that is in force can be confirmed: nobody has seen what another one does. */
  confirm(account: string): Promise<Changed> {
    return this.#turns
      .take(account, async () => {
        const record = await this.#options.store.record(account);
        if (record === undefined) throw unknownAccount(account);
        const { pending } = record;
        if (pending === undefined || remaining(pending, new Date()) === 0) throw nothingToConfirm(account);
        const state = this.#options.agent.status(account)?.state;
        if (state !== 'pending_confirmation') throw notInForce(account);
        const next = confirmed(record);
        await this.#options.store.put(next);
        return this.#bringInForce(next);
      })
      .then(done);
  }

  /** To the version before, or to the one that is named. What waits for a confirmation is taken back, counts and all. */
  rollback(account: string, version?: number): Promise<Changed> {
    return this.#turns
      .take(account, async () => {
        const record = await knownRecord(this.#options.store, account);
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
      })
      .then(done);
  }

  /** The account with all that is its own, versions included. */
  async remove(account: string): Promise<RemoveOutcome> {
    const { outcome } = await this.#turns.take(account, async () => {
      const before = await knownRecord(this.#options.store, account);
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
    const narrowed = this.#turns.take(account, async () => {
      // Of one that is lost what was in force before is looked after.
      if (await isLost(this.#options.store, account)) return;
      if ((await this.#options.store.record(account)) !== undefined) await this.#footprints.narrow(account, version);
    });
    this.#inBackground(account, narrowed);
  }

  /** The agent has removed it, perhaps after some attempts. Harmless where it is desired again. */
  removed(account: string): void {
    this.#inBackground(account, this.#forget(account));
  }

  #forget(account: string): Promise<void> {
    return this.#turns.take(account, async () => {
      const record = await this.#options.store.record(account);
      if (record === undefined || record.desired !== undefined) return;
      await this.#options.store.forget(account);
      this.#footprints.forget(account);
    });
  }

  /** Of one that cannot be read only the versions that there are. */
  record(account: string): Promise<AccountRecord> {
    return knownRecord(this.#options.store, account);
  }

  async document(account: string, version: number): Promise<string> {
    await knownRecord(this.#options.store, account);
    return this.#options.store.document(account, version);
  }

  /** What is under way is finished; confirmations wait on the disk. */
  async close(): Promise<void> {
    this.#deadlines.close();
    this.#held.close();
    await this.#turns.settled();
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
      this.#held.hold(reading.unreadable);
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
    return this.#turns.take(record.account, async () => {
      if ((await this.#options.store.record(record.account)) === record)
        await this.#options.store.put(restored(record));
    });
  }

  #arm({ account, pending }: AccountRecord): void {
    this.#deadlines.clear(account);
    this.#held.release(account);
    if (pending !== undefined) this.#expireIn(account, pending.deadline, remaining(pending, new Date()));
  }

  #expireIn(account: string, deadline: Date, milliseconds: number): void {
    const expire = () => this.#turns.take(account, () => this.#expire(account, deadline));
    this.#deadlines.set(account, milliseconds, () => this.#inBackground(account, expire()));
  }

  #read(record: AccountRecord, failures = 0): Promise<DesiredReading> {
    return readDesired(this.#options.store, record, { failures: failures + 1, pace: this.#options.backoff });
  }

  /** What was in the way of reading it may be gone. */
  async #reread(held: Unreadable): Promise<void> {
    const { store, tell, backoff: pace } = this.#options;
    const { account, failures } = held;
    // Mended while this waited for its turn.
    if (!this.#held.isHeld(held)) return;
    await store.reread(account);
    const lost = (await store.lost()).find(each => each.account === account);
    if (lost !== undefined) return this.#held.hold(unreadableRecord(lost, { failures: failures + 1, pace }));
    const record = await store.record(account);
    if (record === undefined) return;
    const next = await rolledBack(store, record, new Date(), tell);
    if (next.desired === undefined) {
      return this.#inBackground(account, this.#takeAway(account, await namespacesOf(store, next)));
    }
    const reading = await this.#read(next, failures);
    if (reading.kind === 'unreadable') this.#held.hold(reading.unreadable);
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
