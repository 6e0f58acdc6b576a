// A plan's tables into the kernel: reads what is there, and sends what differs for the generation that was read. New sets
// of intervals go ahead, where no rule names them yet (transaction.ts says why); all else is one transaction.

import { invariant } from '../diagnostic/invariant';
import type { Connection } from '../netlink/connection';
import { type Batch, encodeBatch } from '../netlink/nftables/batch';
import { BatchError } from '../netlink/nftables/batch-error';
import { decodeGeneration, getGeneration } from '../netlink/nftables/generation';
import type { PacketFamily } from '../packet/packet';
import type { Plan } from '../plan';
import { type Actual, readActual } from './actual';
import { attempt } from './attempts';
import { type Difference, difference } from './difference';
import { MissingPinError } from './missing-pin-error';
import { type TableSpec, tableSpec } from './table-spec';
import { addIntervalSets, type Ownership, replaceTable } from './transaction';

/** `install` pins the plan's programs again, should another process have given them up meanwhile. */
export async function replace(
  connection: Connection,
  plan: Plan,
  install: () => Promise<unknown>,
): Promise<Difference> {
  const specs = { ip: tableSpec(plan.tables.ip), ip6: tableSpec(plan.tables.ip6) };
  const read = async () => ({
    generation: await currentGeneration(connection),
    ...(await readActual(connection)),
  });
  return attempt(connection, read, async actual => {
    const changes = difference(specs, actual);
    if (changes.none) return changes;
    const commit = (batch: Batch) => connection.commit(batch);
    let current: Actual & { generation?: number } = actual;
    if (batchOf(specs, current, addIntervalSets) !== undefined) {
      // What the kernel would refuse as a whole must not leave sets behind. Asking takes it long; others may go on.
      const whole = batchOf(specs, { ip: actual.ip, ip6: actual.ip6 }, replaceTable);
      await send(batch => connection.validate(batch), whole, install);
      current = await read();
      await send(commit, batchOf(specs, current, addIntervalSets), install);
      current = await read();
    }
    await send(commit, batchOf(specs, current, replaceTable), install);
    return changes;
  });
}

type BatchOf = ((ownership: Ownership) => Batch) | undefined;

/** Both families' operations, for the generation that was read if any was; undefined where there is nothing to do. */
function batchOf(
  specs: Readonly<Record<PacketFamily, TableSpec>>,
  actual: Actual & { readonly generation?: number },
  operations: typeof replaceTable,
): BatchOf {
  const both = (ownership: Ownership) => [
    ...operations(specs.ip, actual.ip, ownership),
    ...operations(specs.ip6, actual.ip6, ownership),
  ];
  if (both('none').length === 0) return undefined;
  return ownership => encodeBatch(both(ownership), actual.generation);
}

async function send(
  transmit: (batch: Batch) => Promise<void>,
  batch: BatchOf,
  install: () => Promise<unknown>,
): Promise<void> {
  if (batch === undefined) return;
  try {
    await transmit(batch('owner-persist'));
  } catch (error) {
    if (isUnknownFlag(error)) return transmit(batch('none'));
    if (!isMissingPin(error)) throw error;
    // Another process that applied a policy here gave up the pins that it does not need.
    await install();
    return transmitAgain(transmit, batch('owner-persist'));
  }
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

async function currentGeneration(connection: Connection): Promise<number> {
  const [answer] = await connection.request(getGeneration());
  invariant(answer !== undefined, 'NFT_MSG_GETGEN has an answer');
  return decodeGeneration(answer).id;
}
