// Takes Rampart out of a namespace: its two tables in one transaction, then the namespace's pins.

import { encodeBatch } from '../netlink/nftables/batch';
import type { BatchOperation } from '../netlink/nftables/batch-operation';
import type { PacketFamily } from '../packet/packet';
import { readActualRules } from './actual';
import { releasePrograms } from './programs';
import { connect, programUser, type Target } from './target';

export interface Destroyed {
  /** Families whose table there was. */
  readonly tables: readonly PacketFamily[];
}

/** Twice is harmless. A table of our name that is not ours makes it throw, and stays. */
export async function destroy(target: Target): Promise<Destroyed> {
  const connection = connect(target);
  try {
    const actual = await readActualRules(connection);
    const tables = [actual.ip, actual.ip6].flatMap(found => (found === undefined ? [] : [found.table]));
    const operations = tables.map(
      ({ family, name }): BatchOperation => ({ operation: 'delete', object: { kind: 'table', family, name } }),
    );
    if (operations.length > 0) await connection.commit(encodeBatch(operations));
    releasePrograms(programUser(target), []);
    return { tables: tables.map(({ family }) => (family === 'ip6' ? 'ip6' : 'ip')) };
  } finally {
    connection.close();
  }
}
