// Whether this kernel has tables that outlive the socket that owns them, asked of it in a namespace of its own.

import { encodeBatch } from '../../src/netlink/nftables/batch';
import { createNamespace, deleteNamespace } from '../../src/netns/namespace';
import { connect } from '../../src/reconcile/target';

export async function hasOwnedTables(): Promise<boolean> {
  const namespace = `rampart-test-owned-tables-${process.pid}`;
  createNamespace(namespace);
  const connection = connect({ namespace });
  try {
    const table = { kind: 'table', family: 'ip', name: 'x', flags: ['owner', 'persist'] } as const;
    await connection.commit(encodeBatch([{ operation: 'create', object: table }]));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EOPNOTSUPP') return false;
    throw error;
  } finally {
    connection.close();
    deleteNamespace(namespace);
  }
}
