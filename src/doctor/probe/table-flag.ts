// Table flags by what they do: a table that another socket cannot change, and one that is still there when the socket
// that owns it has gone.

import type { Connection } from '../../netlink/connection';
import { encodeBatch } from '../../netlink/nftables/batch';
import { decodeTable, dumpTables, type TableFlag } from '../../netlink/nftables/table';
import { type Finding, findingOf, no, yes } from '../probe';
import type { Scratch } from '../scratch';
import { inScratchNamespace } from '../scratch-namespace';

/** A kernel that does not know a flag refuses the table. */
const UNKNOWN_FLAG = ['EINVAL', 'EOPNOTSUPP'];

export async function askTableOwner(scratch: Scratch): Promise<Finding> {
  try {
    return await inScratchNamespace(scratch, 'netfilter', async owner => {
      await addTable(owner, 'owned', ['owner']);
      return await inScratchNamespace(scratch, 'netfilter', tryToChange);
    });
  } catch (error) {
    return findingOf(error, UNKNOWN_FLAG);
  }
}

async function tryToChange(stranger: Connection): Promise<Finding> {
  const chain = { kind: 'chain', family: 'ip', table: 'owned', name: 'c' } as const;
  try {
    await stranger.commit(encodeBatch([{ operation: 'add', object: chain }]));
    return no('another socket could change the table');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPERM') return yes('another socket is refused');
    throw error;
  }
}

export async function askTablePersist(scratch: Scratch): Promise<Finding> {
  try {
    await inScratchNamespace(scratch, 'netfilter', owner => addTable(owner, 'persistent', ['owner', 'persist']));
  } catch (error) {
    return findingOf(error, UNKNOWN_FLAG);
  }
  const tables = await inScratchNamespace(scratch, 'netfilter', connection => connection.dump(dumpTables('ip')));
  const stayed = tables.map(decodeTable).some(({ name }) => name === 'persistent');
  return stayed ? yes('the table stayed when its socket closed') : no('the table went when its socket closed');
}

function addTable(connection: Connection, name: string, flags: readonly TableFlag[]): Promise<void> {
  return connection.commit(encodeBatch([{ operation: 'add', object: { kind: 'table', family: 'ip', name, flags } }]));
}
