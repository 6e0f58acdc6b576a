// A plan's tables into the kernel: reads what is there, and sends what differs for the generation that was read. New sets
// of intervals go ahead, where no rule names them yet (transaction.ts says why); all else is one transaction.

import type { Connection } from '../netlink/connection';
import { type Batch, encodeBatch } from '../netlink/nftables/batch';
import { BatchError } from '../netlink/nftables/batch-error';
import type { BatchOperation } from '../netlink/nftables/batch-operation';
import { nextGeneration } from '../netlink/nftables/generation';
import type { PacketFamily } from '../packet/packet';
import type { Plan } from '../plan';
import { type Actual, readActual } from './actual';
import { attempt } from './attempts';
import { tableSpecs } from './classifier/install';
import { currentGeneration } from './current-generation';
import { allNew, type Difference, difference, hasRules } from './difference';
import { type Installation, install, installAgain } from './installation';
import type { Refs, Transaction } from './map-transaction';
import { MissingPinError } from './missing-pin-error';
import { once } from './once';
import type { TableSpec } from './table-spec';
import { addIntervalSets, changeTable, type Ownership } from './transaction';

interface Read extends Actual {
  readonly generation: number;
}

export interface Replaced {
  readonly difference: Difference;
  /** Version that was in force before. */
  readonly previous: string | undefined;
  /** Of the ruleset with the plan in force. */
  readonly generation: number;
}

/** With what `installation` has or makes for it. */
export async function replace(connection: Connection, installation: Installation): Promise<Replaced> {
  const { plan } = installation;
  const again = () => installAgain(installation);
  const read = async (): Promise<Read> => ({
    generation: await currentGeneration(connection),
    ...(await readActual(connection)),
  });
  /** What the first attempt found: a later one may find some of it done. */
  let found: Omit<Replaced, 'generation'> | undefined;
  return attempt(connection, read, async actual => {
    // A table that is not ours has been found before anything is loaded for it.
    await install(installation, actual);
    const specs = tableSpecs(plan, installation.classifiers);
    const commit = (batch: Batch) => connection.commit(batch);
    let change = changeTables(specs, actual, plan.keys);
    found ??= { difference: differenceOf(specs, actual, change, plan), previous: actual.ip?.policy?.version };
    let { generation } = actual;
    if (hasOperations(intervalSets(specs, actual))) {
      // What the kernel would refuse as a whole must not leave sets behind. Asking takes it long; others may go on.
      await send(batch => connection.validate(batch), change.operations, undefined, again);
      const current = await read();
      await send(commit, intervalSets(specs, current), current.generation, again);
      const ready = await read();
      change = changeTables(specs, ready, plan.keys);
      generation = ready.generation;
    }
    for (const operations of [change.operations, change.afterwards]) {
      if (await send(commit, operations, generation, again)) generation = nextGeneration(generation);
    }
    return { ...found, generation };
  });
}

type Specs = Readonly<Record<PacketFamily, TableSpec>>;
type Operations = (ownership: Ownership) => readonly BatchOperation[];

interface Change {
  readonly operations: Operations;
  readonly afterwards: Operations;
}

/** Of both families. Nearly all kernels know tables that belong to a socket. */
function changeTables({ ip, ip6 }: Specs, actual: Actual, refs: Refs): Change {
  const [owned, plain] = (['owner-persist', 'none'] as const).map(ownership =>
    once(() => [changeTable(ip, actual.ip, ownership, refs), changeTable(ip6, actual.ip6, ownership, refs)]),
  );
  const of = (part: keyof Transaction): Operations => {
    return ownership => (ownership === 'none' ? plain : owned)?.().flatMap(transaction => transaction[part]) ?? [];
  };
  return { operations: of('operations'), afterwards: of('afterwards') };
}

function differenceOf(specs: Specs, actual: Actual, { operations, afterwards }: Change, { ruleset }: Plan): Difference {
  const none = !hasOperations(operations) && !hasOperations(afterwards);
  if (!hasRules(actual.ip) && !hasRules(actual.ip6)) return allNew(ruleset.rules, none);
  return difference(specs, actual, none);
}

function intervalSets({ ip, ip6 }: Specs, actual: Actual): Operations {
  return ownership => [...addIntervalSets(ip, actual.ip, ownership), ...addIntervalSets(ip6, actual.ip6, ownership)];
}

function hasOperations(operations: Operations): boolean {
  return operations('owner-persist').length > 0;
}

/** False where there is nothing to do. */
async function send(
  transmit: (batch: Batch) => Promise<void>,
  operations: Operations,
  generation: number | undefined,
  again: () => Promise<void>,
): Promise<boolean> {
  const wanted = operations('owner-persist');
  if (wanted.length === 0) return false;
  const batch = encodeBatch(wanted, generation);
  try {
    await transmit(batch);
  } catch (error) {
    if (isUnknownFlag(error)) await transmit(encodeBatch(operations('none'), generation));
    else if (!isMissingPin(error)) throw error;
    else {
      await again();
      await transmitAgain(transmit, batch);
    }
  }
  return true;
}

async function transmitAgain(transmit: (batch: Batch) => Promise<void>, batch: Batch): Promise<void> {
  try {
    await transmit(batch);
  } catch (error) {
    throw isMissingPin(error) ? new MissingPinError(error) : error;
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
