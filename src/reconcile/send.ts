// A batch on its way to the kernel, sent once more where the kernel does not know a table's flags, or where pins that it
// names have just been swept away.

import { type Batch, encodeBatch } from '../netlink/nftables/batch';
import { BatchError } from '../netlink/nftables/batch-error';
import { MissingPinError } from './missing-pin-error';
import type { Operations } from './policy-change';

/** False where there is nothing to do. */
export async function send(
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
