// Puts a plan into force in one namespace, in one transaction: before it the old policy filters, after it the new one,
// whatever fails or is killed in between. Run again with the same plan it changes nothing.

import { setTimeout } from 'node:timers/promises';
import type { ObjectCache } from '../backend/ebpf/object-cache';
import { invariant } from '../diagnostic/invariant';
import type { Connection } from '../netlink/connection';
import { isStaleGeneration } from '../netlink/netlink-error';
import { encodeBatch } from '../netlink/nftables/batch';
import { BatchError } from '../netlink/nftables/batch-error';
import { decodeGeneration, getGeneration } from '../netlink/nftables/generation';
import type { Plan } from '../plan';
import { type Actual, programsOf, readActual } from './actual';
import { type Difference, difference } from './difference';
import { installPrograms, releasePrograms } from './programs';
import { tableSpec } from './table-spec';
import { connect, programUser, type Target } from './target';
import { type Ownership, replaceTable } from './transaction';

/** Others may change the namespace's ruleset while we read it; then the kernel refuses our batch and we read again. */
const ATTEMPTS = 100;
/** Between attempts, while another process holds the tables. */
const PAUSE_MS = 20;

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
    const install = () => installPrograms(plan.programs.values(), user, cache);
    const { installed, replaced } = await orGiveBack(user, before, async () => ({
      installed: await install(),
      replaced: await replace(connection, plan, install),
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

/** Reads, compares, and sends what differs for the generation that was read, until that is done or hopeless. */
async function replace(connection: Connection, plan: Plan, install: () => Promise<unknown>): Promise<Difference> {
  const specs = { ip: tableSpec(plan.tables.ip), ip6: tableSpec(plan.tables.ip6) };
  let ownership: Ownership = 'owner-persist';
  for (let attempt = 1; ; attempt++) {
    const generation = await currentGeneration(connection);
    const actual = await readActual(connection);
    const changes = difference(specs, actual);
    if (changes.none) return changes;
    const operations = [
      ...replaceTable(specs.ip, actual.ip, ownership),
      ...replaceTable(specs.ip6, actual.ip6, ownership),
    ];
    try {
      await connection.commit(encodeBatch(operations, generation));
      return changes;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      if (ownership === 'owner-persist' && isUnknownFlag(error)) ownership = 'none';
      else if (isHeld(actual, connection)) await setTimeout(PAUSE_MS);
      // Another process that applied a policy here gave up the pins that it does not need.
      else if (isMissingPin(error)) await install();
      else if (!isStaleGeneration(error)) throw error;
    }
  }
}

/** Kernels before 6.9 refuse the table itself for its flags. */
function isUnknownFlag(error: unknown): boolean {
  if (!(error instanceof BatchError)) return false;
  const [{ operation, error: refusal }] = error.failures;
  return operation.object.kind === 'table' && ['EINVAL', 'EOPNOTSUPP'].includes(refusal.code);
}

function isMissingPin(error: unknown): boolean {
  if (!(error instanceof BatchError) || error.code !== 'ENOENT') return false;
  return error.failures.some(({ operation: { object } }) => {
    return object.kind === 'rule' && 'expressions' in object && object.expressions.some(({ kind }) => kind === 'match');
  });
}

/** By another process that applies a policy at this moment: its socket owns the table until it is closed. */
function isHeld(actual: Actual, connection: Connection): boolean {
  const owners = [actual.ip?.table.owner, actual.ip6?.table.owner];
  return owners.some(owner => owner !== undefined && owner !== connection.portId);
}

export async function currentGeneration(connection: Connection): Promise<number> {
  const [answer] = await connection.request(getGeneration());
  invariant(answer !== undefined, 'NFT_MSG_GETGEN has an answer');
  return decodeGeneration(answer).id;
}
