// Puts a plan into force in one namespace, in one transaction: before it the old policy filters, after it the new one,
// whatever fails or is killed in between. Run again with the same plan it changes nothing.

import type { ObjectCache } from '../backend/ebpf/object-cache';
import { invariant } from '../diagnostic/invariant';
import type { Connection } from '../netlink/connection';
import { isStaleGeneration } from '../netlink/netlink-error';
import { encodeBatch } from '../netlink/nftables/batch';
import { decodeGeneration, getGeneration } from '../netlink/nftables/generation';
import type { Plan } from '../plan';
import { type Actual, programsOf, readActual } from './actual';
import { type Difference, difference } from './difference';
import { installPrograms, releasePrograms } from './programs';
import { tableSpec } from './table-spec';
import { connect, programUser, type Target } from './target';
import { replaceTable } from './transaction';

/** Others may change the namespace's ruleset while we read it; then the kernel refuses our batch and we read again. */
const ATTEMPTS = 20;

export interface Applied {
  readonly version: string;
  readonly previous: string | undefined;
  readonly difference: Difference;
  readonly loaded: readonly string[];
  readonly mountedBpffs: boolean;
}

export async function apply(plan: Plan, target: Target, cache: ObjectCache): Promise<Applied> {
  const connection = connect(target);
  const user = programUser(target);
  try {
    // A table that is not ours is found before anything is loaded for it.
    const before = await readActual(connection);
    const { installed, replaced } = await orGiveBack(user, before, async () => ({
      installed: await installPrograms(plan.programs.values(), user, cache),
      replaced: await replace(connection, plan),
    }));
    releasePrograms(user, plan.programs.keys());
    return {
      version: plan.version,
      previous: before.ip?.policy?.version,
      difference: replaced,
      loaded: installed.loaded,
      mountedBpffs: installed.mounted,
    };
  } finally {
    connection.close();
  }
}

/** On failure the pins that were made are given up again; the programs of the policy in force keep theirs. */
async function orGiveBack<T>(user: string, before: Actual, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    releasePrograms(user, programsOf(before));
    throw error;
  }
}

/** Reads, compares, and sends what differs for the generation that was read. */
async function replace(connection: Connection, plan: Plan): Promise<Difference> {
  const specs = { ip: tableSpec(plan.tables.ip), ip6: tableSpec(plan.tables.ip6) };
  for (let attempt = 1; ; attempt++) {
    const generation = await currentGeneration(connection);
    const actual = await readActual(connection);
    const changes = difference(specs, actual);
    if (changes.none) return changes;
    const operations = [...replaceTable(specs.ip, actual.ip), ...replaceTable(specs.ip6, actual.ip6)];
    try {
      await connection.commit(encodeBatch(operations, generation));
      return changes;
    } catch (error) {
      if (!isStaleGeneration(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

export async function currentGeneration(connection: Connection): Promise<number> {
  const [answer] = await connection.request(getGeneration());
  invariant(answer !== undefined, 'NFT_MSG_GETGEN has an answer');
  return decodeGeneration(answer).id;
}
