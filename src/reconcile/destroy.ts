// Takes Rampart out of a namespace: its two tables in one transaction, then the namespace's pins.

import type { Connection } from '../netlink/connection';
import { encodeBatch } from '../netlink/nftables/batch';
import type { BatchOperation } from '../netlink/nftables/batch-operation';
import type { ListedTable } from '../netlink/nftables/table';
import type { PacketFamily } from '../packet/packet';
import { type ActualRules, type InBothFamilies, readActualRules } from './actual';
import { attempt } from './attempts';
import { BRIDGE, hasBridge } from './bridge';
import { releaseAll } from './installation';
import { connect, programUser, type Target } from './target';

export interface Destroyed {
  /** Families whose table there was. */
  readonly tables: readonly PacketFamily[];
}

/**
 * Twice is harmless. A table of our name that is not ours makes it throw, and stays. Where `account` is given, the policy of
 * another account stays as well, with its pins.
 */
export async function destroy(target: Target, account?: string): Promise<Destroyed> {
  const connection = connect(target);
  try {
    const read = () => readActualRules(connection);
    if (account !== undefined && isOfAnother(await read(), account)) return { tables: [] };
    const tables = await attempt(connection, read, actual => deleteTables(connection, actual));
    if (await hasBridge(connection)) {
      const bridge = () => readActualRules(connection, BRIDGE);
      await attempt(connection, bridge, actual => deleteTables(connection, actual));
    }
    releaseAll(programUser(target));
    return { tables: tables.map(({ family }) => (family === 'ip6' ? 'ip6' : 'ip')) };
  } finally {
    connection.close();
  }
}

function isOfAnother({ ip, ip6 }: InBothFamilies<ActualRules>, account: string): boolean {
  const policy = ip?.policy ?? ip6?.policy;
  return policy !== undefined && policy.account !== account;
}

async function deleteTables(connection: Connection, { ip, ip6 }: InBothFamilies<ActualRules>): Promise<ListedTable[]> {
  const tables = [ip, ip6].flatMap(found => (found === undefined ? [] : [found.table]));
  const operations = tables.map(
    ({ family, name }): BatchOperation => ({ operation: 'delete', object: { kind: 'table', family, name } }),
  );
  if (operations.length > 0) await connection.commit(encodeBatch(operations));
  return tables;
}
