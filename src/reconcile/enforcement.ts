// A policy kept in force by a process that stays: it holds the connection and remembers the last plan and the generation
// that it left, so that the next plan is sent as what differs from the last, without reading the kernel. Whatever anyone
// else changes in the namespace moves the generation; then the kernel refuses the batch, and all is read and compared.

import type { ObjectCache } from '../backend/ebpf/object-cache';
import type { Connection } from '../netlink/connection';
import { isLost, isStaleGeneration } from '../netlink/netlink-error';
import { encodeBatch } from '../netlink/nftables/batch';
import type { BatchOperation } from '../netlink/nftables/batch-operation';
import { nextGeneration } from '../netlink/nftables/generation';
import type { Plan } from '../plan';
import { type Applied, putInForce } from './apply';
import { currentGeneration } from './current-generation';
import { changePlan } from './incremental';
import { beginInstallation, closeInstallation } from './installation';
import { connect, programUser, type Target } from './target';
import type { Transaction } from './transaction';

export type Enforced =
  /** Only what differs from the plan before was sent. */
  | { readonly way: 'incremental'; readonly version: string; readonly previous: string }
  /** The kernel was read. */
  | ({ readonly way: 'full' } & Applied);

/** Throws NamespaceError for a namespace that is not there. The caller closes what it gets. */
export function enforce(target: Target, cache: ObjectCache): Enforcement {
  return new Enforcement(connect(target), programUser(target), cache);
}

export class Enforcement {
  readonly #connection: Connection;
  readonly #user: string;
  readonly #cache: ObjectCache;
  #inForce: { readonly plan: Plan; readonly generation: number } | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection, user: string, cache: ObjectCache) {
    this.#connection = connection;
    this.#user = user;
    this.#cache = cache;
  }

  /** The last plan that this put into force. */
  get plan(): Plan | undefined {
    return this.#inForce?.plan;
  }

  /** One at a time. Where it rejects, the plan before is still in force, and is still what the next one is compared with. */
  apply(plan: Plan): Promise<Enforced> {
    const result = this.#turn.then(() => this.#apply(plan));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** The kernel goes on filtering. */
  close(): void {
    this.#connection.close();
  }

  async #apply(plan: Plan): Promise<Enforced> {
    const before = this.#inForce;
    const change = before && changePlan(before.plan, plan);
    if (before !== undefined && change !== undefined) {
      const generation = await this.#send(change, before.generation);
      if (generation !== undefined) {
        this.#inForce = { plan, generation };
        return { way: 'incremental', version: plan.version, previous: before.plan.version };
      }
    }
    const installation = beginInstallation(plan, this.#user, this.#cache);
    try {
      const { applied, generation } = await putInForce(this.#connection, installation);
      this.#inForce = { plan, generation };
      return { way: 'full', ...applied };
    } finally {
      closeInstallation(installation);
    }
  }

  /** The generation that it leaves; undefined where what the kernel has is not what was remembered, or not known. */
  async #send({ operations, afterwards }: Transaction, before: number): Promise<number | undefined> {
    if (operations.length + afterwards.length === 0) {
      return (await currentGeneration(this.#connection)) === before ? before : undefined;
    }
    let generation = before;
    for (const batch of [operations, afterwards]) {
      if (batch.length === 0) continue;
      if (!(await this.#commit(batch, generation))) return undefined;
      generation = nextGeneration(generation);
    }
    return generation;
  }

  async #commit(operations: readonly BatchOperation[], generation: number): Promise<boolean> {
    try {
      await this.#connection.commit(encodeBatch(operations, generation));
      return true;
    } catch (error) {
      if (isStaleGeneration(error) || isLost(error)) return false;
      throw error;
    }
  }
}
