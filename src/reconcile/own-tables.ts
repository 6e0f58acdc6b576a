// Tables that outlive their socket are nobody's after it, and take changes from anyone. A process that stays takes them over,
// and then only its socket may change them, until it is closed.

import { setTimeout } from 'node:timers/promises';
import { TABLE } from '../backend/nft/compile-table';
import type { Connection } from '../netlink/connection';
import { isNotPermitted, isStaleGeneration } from '../netlink/netlink-error';
import { encodeBatch } from '../netlink/nftables/batch';
import type { BatchOperation } from '../netlink/nftables/batch-operation';
import { nextGeneration } from '../netlink/nftables/generation';
import { decodeTable, dumpTables } from '../netlink/nftables/table';
import { isOurs } from './actual';

export interface Owned {
  /** False where a table was made without such flags, which it never gets: by a kernel that does not know them (before 6.9). */
  readonly owned: boolean;
  /** Of the ruleset, if it was `generation` before. */
  readonly generation: number;
}

const ATTEMPTS = 100;
const PAUSE_MS = 20;

/** The kernel gives up an owner's tables a little after its socket has been closed: they are waited for, two seconds at the most. */
export async function ownTablesWhenFree(connection: Connection, generation: number): Promise<Owned> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await ownTables(connection, generation);
    } catch (error) {
      if (!isNotPermitted(error) || attempts === ATTEMPTS) throw error;
      await setTimeout(PAUSE_MS);
    }
  }
}

/** Rejects with EPERM while another socket has them. */
export async function ownTables(connection: Connection, generation: number): Promise<Owned> {
  const all = (await connection.dump(dumpTables('unspec'))).map(decodeTable);
  const tables = all.filter(table => table.name === TABLE && isOurs(table));
  const others = tables.filter(({ owner }) => owner !== connection.portId);
  if (others.length === 0) return { owned: tables.length > 0, generation };
  if (!others.every(({ flags = [] }) => flags.includes('persist'))) return { owned: false, generation };
  const operations = others.map(({ family, name }): BatchOperation => {
    return { operation: 'add', object: { kind: 'table', family, name, flags: ['owner', 'persist'] } };
  });
  return { owned: true, generation: await takeOver(connection, operations, generation) };
}

/** Where somebody has changed the ruleset, it is another one after this as it was before. */
async function takeOver(
  connection: Connection,
  operations: readonly BatchOperation[],
  generation: number,
): Promise<number> {
  try {
    await connection.commit(encodeBatch(operations, generation));
    return nextGeneration(generation);
  } catch (error) {
    if (!isStaleGeneration(error)) throw error;
    await connection.commit(encodeBatch(operations));
    return generation;
  }
}
