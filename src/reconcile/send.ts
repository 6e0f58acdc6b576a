// A batch on its way to the kernel, sent once more where the kernel does not know a table's flags, or where pins that it
// names have just been swept away.

import { type Batch, encodeBatch } from '../netlink/nftables/batch';
import { BatchError } from '../netlink/nftables/batch-error';
import { MissingPinError } from './missing-pin-error';
import type { Operations } from './policy-change';

/** undefined where there is nothing to do. */
export async function send<T>(
  transmit: (batch: Batch) => Promise<T>,
  operations: Operations,
  generation: number | undefined,
  again: () => Promise<void>,
): Promise<T | undefined> {
  const wanted = operations('owner-persist');
  if (wanted.length === 0) return undefined;
  const batch = encodeBatch(wanted, generation);
  try {
    return await transmit(batch);
  } catch (error) {
    if (isUnknownFlag(error)) return transmit(encodeBatch(operations('none'), generation));
    if (!isMissingPin(error)) throw error;
    await again();
    return await transmitAgain(transmit, batch);
  }
}

async function transmitAgain<T>(transmit: (batch: Batch) => Promise<T>, batch: Batch): Promise<T> {
  try {
    return await transmit(batch);
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
