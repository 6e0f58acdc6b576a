// A policy kept in force by a process that stays: it holds the connection and remembers the last plan and the generation
// that it left, so that the next plan is sent as what differs from the last, without reading the kernel. Whatever anyone
// else changes in the namespace moves the generation; then the kernel refuses the batch, and all is read and compared.

import type { ObjectCache } from '../backend/ebpf/object-cache';
import { compilePlan, optionsAfter } from '../compile-plan';
import type { Rule } from '../ir/ruleset';
import type { Connection } from '../netlink/connection';
import { isFull, isLost, isNotFound, isStaleGeneration } from '../netlink/netlink-error';
import { encodeBatch } from '../netlink/nftables/batch';
import type { BatchOperation } from '../netlink/nftables/batch-operation';
import { nextGeneration } from '../netlink/nftables/generation';
import type { PacketFamily } from '../packet/packet';
import type { Plan } from '../plan';
import { changeRule } from '../plan-change';
import type { InBothFamilies } from './actual';
import { type Applied, putInForce } from './apply';
import { commitCarrying, type Part } from './carried-counts';
import { flipInstalled, prepareFlip } from './classifier/flip';
import { closeInstalled, type InstalledClassifiers, NONE_INSTALLED, pinInstalled } from './classifier/install';
import { currentGeneration } from './current-generation';
import { type DryRun, dryRunOver } from './dry-run';
import type { EarlierCounts } from './earlier-counts';
import { changePlan, type PlanChange } from './incremental';
import { carryIncrementally } from './incremental-counts';
import { beginInstallation, closeInstallation } from './installation';
import { ownTablesWhenFree } from './own-tables';
import { rebuildTables } from './rebuild';
import { replace } from './replace';
import { NOTHING_SAVED, type SavedCounts } from './saved-counts';
import type { GoneCounts } from './staying';
import { connect, programUser, type Target } from './target';
import { type Verification, verifyOver } from './verify';

export type Enforced =
  /** Only what differs from the plan before was sent. */
  | { readonly way: 'incremental'; readonly version: string; readonly previous: string }
  /** The kernel was read. */
  | ({ readonly way: 'full' } & Applied);

/** Throws NamespaceError for a namespace that is not there. The caller closes what it gets. */
export function enforce(target: Target, cache: ObjectCache): Enforcement {
  return new Enforcement(connect(target), programUser(target), cache);
}

interface InForce {
  readonly plan: Plan;
  readonly generation: number;
  /** What its rules had counted elsewhere. */
  readonly earlier: InBothFamilies<EarlierCounts>;
  /** What became of the counts of rules that it has not. */
  readonly gone: GoneCounts;
}

export class Enforcement {
  readonly #connection: Connection;
  readonly #user: string;
  readonly #cache: ObjectCache;
  #inForce: InForce | undefined;
  #classifiers: InstalledClassifiers = NONE_INSTALLED;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection, user: string, cache: ObjectCache) {
    this.#connection = connection;
    this.#user = user;
    this.#cache = cache;
  }

  /** What events of its transactions bear, and tables that it owns. */
  get portId(): number {
    return this.#connection.portId;
  }

  /** The last plan that this put into force. */
  get plan(): Plan | undefined {
    return this.#inForce?.plan;
  }

  /**
   * One at a time. Where it rejects, the plan before is still in force, and is still what the next one is compared with.
   * Rules that were not in force go on from what is `saved` of them, or rather from what was kept when they went.
   */
  apply(plan: Plan, saved: SavedCounts = NOTHING_SAVED, gone: GoneCounts = 'forgotten'): Promise<Enforced> {
    return this.#inTurn(() => this.#apply(plan, saved, gone));
  }

  /**
   * Exchanges a rule of the plan in force, `position` counted from 0. Where it fits into the stages that there are, the
   * work is that of one rule; otherwise all is planned anew.
   */
  replaceRule(position: number, rule: Rule): Promise<Enforced> {
    return this.#inTurn(() => {
      const { plan, gone } = this.#knownInForce();
      return this.#apply(changeRule(plan, position, rule) ?? planWith(plan, position, rule), NOTHING_SAVED, gone);
    });
  }

  /** Reads the kernel and compares it with the plan in force. Sends nothing. */
  verify(): Promise<Verification> {
    return this.#inTurn(() => {
      const plan = this.#knownInForce().plan;
      return verifyOver(this.#connection, plan, this.#user, this.#classifiers);
    });
  }

  /** The plan in force once more, with all that has gone missing of it, pins included. */
  repair(): Promise<Enforced> {
    return this.#inTurn(() => {
      const { plan, gone } = this.#knownInForce();
      return this.#applyInFull(plan, NOTHING_SAVED, gone);
    });
  }

  /**
   * Takes over tables that another process has made, so that nobody else may change them while this is open; of those that
   * this has made it is true already. Resolves to false where the kernel has no such tables: then others' changes can only be
   * found by verify(). Rejects with EPERM where another socket has them and keeps them for two seconds.
   */
  own(): Promise<boolean> {
    return this.#inTurn(async () => {
      const inForce = this.#knownInForce();
      const { owned, generation } = await ownTablesWhenFree(this.#connection, inForce.generation);
      this.#inForce = { ...inForce, generation };
      return owned;
    });
  }

  /** What applying the plan would change, and what of it the kernel would refuse. Changes nothing. */
  dryRun(plan: Plan): Promise<DryRun> {
    return this.#inTurn(() => dryRunOver(this.#connection, plan, this.#user, this.#cache));
  }

  /** For a plan that a change of what is there cannot bring into force: the tables are deleted and made anew. */
  rebuild(plan: Plan, saved: SavedCounts = NOTHING_SAVED, gone: GoneCounts = 'forgotten'): Promise<Enforced> {
    return this.#inTurn(() => this.#applyInFull(plan, saved, gone, rebuildTables));
  }

  /** The kernel goes on filtering. */
  close(): void {
    this.#connection.close();
    closeInstalled(this.#classifiers);
  }

  #knownInForce(): InForce {
    if (this.#inForce === undefined) throw new RangeError('no plan is in force yet');
    return this.#inForce;
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(change);
    // What fails in preparing fails again, and is told, when it is needed.
    this.#turn = result.then(() => prepareInstalled(this.#classifiers)).catch(() => undefined);
    return result;
  }

  async #apply(plan: Plan, saved: SavedCounts, gone: GoneCounts): Promise<Enforced> {
    const before = this.#inForce;
    const change = before && changePlan(before.plan, plan);
    const keeps = saved.size > 0 || gone === 'kept' || before?.gone === 'kept';
    if (before === undefined || change === undefined || keeps) return this.#applyInFull(plan, saved, gone);
    const undo = change.classifiers ? await flipInstalled(this.#classifiers, plan) : () => undefined;
    if (undo === undefined) return this.#applyInFull(plan, saved, gone);
    try {
      this.#inForce = { plan, gone, ...(await this.#send(change, before, plan)) };
      return { way: 'incremental', version: plan.version, previous: before.plan.version };
    } catch (error) {
      // What the kernel has is not what was remembered, or not known.
      if (isOvertaken(error)) return await this.#applyInFull(plan, saved, gone);
      undo();
      throw error;
    }
  }

  async #applyInFull(
    plan: Plan,
    saved: SavedCounts,
    gone: GoneCounts,
    put: typeof rebuildTables = replace,
  ): Promise<Enforced> {
    const installation = beginInstallation(plan, this.#user, this.#cache, saved, gone);
    try {
      // Others may have removed pins; without them the counts would be lost.
      pinInstalled(this.#classifiers);
      const { applied, generation, earlier } = await putInForce(this.#connection, installation, put);
      this.#inForce = { plan, generation, earlier, gone };
      this.#classifiers = takeOver(installation.classifiers, this.#classifiers);
      return { way: 'full', ...applied };
    } catch (error) {
      closeInstallation(installation);
      throw error;
    }
  }

  async #send(change: PlanChange, before: InForce, plan: Plan): Promise<Pick<InForce, 'generation' | 'earlier'>> {
    let { generation } = before;
    if (change.operations.length + change.afterwards.length === 0) {
      if ((await currentGeneration(this.#connection)) !== generation) throw new OvertakenError();
      return before;
    }
    const { carried, ...batches } = await carryIncrementally(this.#connection, change, before, plan);
    const commit = async (part: Part, more: readonly BatchOperation[]) => {
      const operations = [...(part === 'corrections' ? [] : batches[part]), ...more];
      if (operations.length === 0) return [];
      const echoed = await this.#connection.commitWithEcho(encodeBatch(operations, generation));
      generation = nextGeneration(generation);
      return echoed;
    };
    const earlier = await commitCarrying(carried, commit, async () => ({ ip: [], ip6: [] }));
    return { generation, earlier };
  }
}

/** The ruleset has another generation than the one remembered. */
class OvertakenError extends Error {
  readonly code = 'ERESTART';
}

function isOvertaken(error: unknown): boolean {
  return isStaleGeneration(error) || isLost(error) || isFull(error) || isNotFound(error);
}

/** Those just installed; of one that was found in force, what made it here, which can flip it. */
function takeOver(installed: InstalledClassifiers, before: InstalledClassifiers): InstalledClassifiers {
  const stays = (family: PacketFamily) => installed[family]?.directory === before[family]?.directory;
  const taken = (family: PacketFamily) => (stays(family) ? before[family] : installed[family]);
  const ended = (family: PacketFamily) => (stays(family) ? undefined : before[family]);
  closeInstalled({ ip: ended('ip'), ip6: ended('ip6') });
  return { ip: taken('ip'), ip6: taken('ip6') };
}

/** While nobody waits: the next flip then writes only what it changes. */
function prepareInstalled({ ip, ip6 }: InstalledClassifiers): void {
  for (const made of [ip?.made, ip6?.made]) if (made !== undefined) prepareFlip(made);
}

function planWith(plan: Plan, position: number, rule: Rule): Plan {
  const { ruleset } = plan;
  return compilePlan({ ...ruleset, rules: ruleset.rules.with(position, rule) }, optionsAfter(plan));
}
