// The account's packet tables against the kernel's: read, compared, and what differs sent in one transaction. Only its
// owner may change a table of ours while it is open (owner), and it stays when that closes (persist).

import { setTimeout } from 'node:timers/promises';
import type { Connection } from '../netlink/connection';
import { isNotPermitted, isStaleGeneration } from '../netlink/netlink-error';
import { encodeBatch } from '../netlink/nftables/batch';
import { BatchError } from '../netlink/nftables/batch-error';
import type { BatchOperation } from '../netlink/nftables/batch-operation';
import { decodeChain, dumpChains, type ListedChain } from '../netlink/nftables/chain';
import { decodeRule, dumpRules, type ListedRule } from '../netlink/nftables/rule';
import { decodeTable, dumpTables, type ListedTable } from '../netlink/nftables/table';
import { commentUserdata, userdataComment } from '../netlink/nftables/userdata';
import { undisturbed } from '../reconcile/actual';
import { currentGeneration } from '../reconcile/current-generation';
import { describeChain, describeRule } from '../reconcile/description';
import { NETWORK_TABLE } from './names';
import { joinChanges, type NetworkChange, networkChange } from './network-change';
import { NetworkError } from './network-error';
import type { PacketFamily, PacketTable } from './packet-table';

const COMMENT = 'rampart: the network of an account';

interface Present {
  readonly table: ListedTable;
  readonly chains: readonly ListedChain[];
  readonly rules: readonly ListedRule[];
}

interface TableChange {
  readonly change: NetworkChange;
  readonly operations: readonly BatchOperation[];
  /** What is there and stays. */
  readonly kept?: ListedTable;
}

/** Two seconds: the kernel gives up an owner's tables a little after the socket has been closed. */
const ATTEMPTS = 100;
const PAUSE_MS = 20;

/** Makes the tables as wanted. Throws NetworkError for a table of our name that is not ours. */
export async function applyTables(connection: Connection, wanted: readonly PacketTable[]): Promise<NetworkChange> {
  for (let attempt = 1; ; attempt++) {
    const generation = await currentGeneration(connection);
    const changes = await readChanges(connection, wanted);
    const operations = changes.flatMap(each => each.operations);
    try {
      if (operations.length > 0) await commitTables(connection, operations, generation);
      await takeOver(connection, changes);
      return joinChanges(changes.map(({ change }) => change));
    } catch (error) {
      const passes = isStaleGeneration(error) || isNotPermitted(error);
      if (!passes || attempt === ATTEMPTS) throw error;
      if (isNotPermitted(error)) await setTimeout(PAUSE_MS);
    }
  }
}

/** What applyTables() would change. */
export async function verifyTables(connection: Connection, wanted: readonly PacketTable[]): Promise<NetworkChange> {
  return joinChanges((await readChanges(connection, wanted)).map(({ change }) => change));
}

export function removeTables(connection: Connection): Promise<NetworkChange> {
  return applyTables(connection, [
    { family: 'ip', chains: [], rules: [] },
    { family: 'ip6', chains: [], rules: [] },
  ]);
}

/** A table may go between the dump that names it and those of what is in it. */
function readChanges(connection: Connection, wanted: readonly PacketTable[]): Promise<readonly TableChange[]> {
  return undisturbed(async () => {
    const changes: TableChange[] = [];
    for (const table of wanted) changes.push(await tableChange(connection, table));
    return changes;
  });
}

async function tableChange(connection: Connection, wanted: PacketTable): Promise<TableChange> {
  const present = await readTable(connection, wanted.family);
  const words = [`table ${wanted.family} ${NETWORK_TABLE}`];
  if (wanted.chains.length === 0) {
    if (present === undefined) return { change: networkChange(), operations: [] };
    const object = { kind: 'table', family: wanted.family, name: NETWORK_TABLE } as const;
    return { change: networkChange({ removed: words }), operations: [{ operation: 'delete', object }] };
  }
  if (present === undefined) return { change: networkChange({ added: words }), operations: createTable(wanted) };
  const operations = changeTable(wanted, present);
  const change = networkChange(operations.length === 0 ? {} : { changed: words });
  return { change, operations, kept: present.table };
}

/**
 * A table whose socket was closed is nobody's, and takes changes from anyone. In a batch of its own: one that changes the
 * flags of a table may not add a base chain to it.
 */
async function takeOver(connection: Connection, changes: readonly TableChange[]): Promise<void> {
  const operations = changes.flatMap(({ kept }): BatchOperation[] => {
    if (kept === undefined || !kept.flags?.includes('persist') || kept.owner === connection.portId) return [];
    const { kind, family, name } = kept;
    return [{ operation: 'add', object: { kind, family, name, flags: ['owner', 'persist'] } }];
  });
  if (operations.length > 0) await connection.commit(encodeBatch(operations));
}

/** Without `owner` and `persist` where the kernel (before 6.9) does not have both. ERESTART: read again. */
async function commitTables(
  connection: Connection,
  operations: readonly BatchOperation[],
  generation: number,
): Promise<void> {
  try {
    await connection.commit(encodeBatch(operations, generation));
  } catch (error) {
    if (!isUnknownFlag(error)) throw error;
    await connection.commit(encodeBatch(operations.map(withoutOwner), generation));
  }
}

function isUnknownFlag(error: unknown): boolean {
  if (!(error instanceof BatchError)) return false;
  const [{ operation, error: refusal }] = error.failures;
  return operation.object.kind === 'table' && ['EINVAL', 'EOPNOTSUPP'].includes(refusal.code);
}

async function readTable(connection: Connection, family: PacketFamily): Promise<Present | undefined> {
  const tables = (await connection.dump(dumpTables(family))).map(decodeTable);
  const table = tables.find(({ name }) => name === NETWORK_TABLE);
  if (table === undefined) return undefined;
  if (table.userdata === undefined || userdataComment(table.userdata) !== COMMENT)
    throw new NetworkError(
      'network.foreign-table',
      `table ${family} ${NETWORK_TABLE} exists already and was not made by rampart`,
      'look at it with `nft list table`; delete or rename it if nothing needs it',
    );
  const chains = (await connection.dump(dumpChains(family))).map(decodeChain);
  const rules = (await connection.dump(dumpRules(family, NETWORK_TABLE))).map(decodeRule);
  return { table, chains: chains.filter(chain => chain.table === NETWORK_TABLE), rules };
}

function createTable({ family, chains, rules }: PacketTable): BatchOperation[] {
  const table = { kind: 'table', family, name: NETWORK_TABLE, userdata: commentUserdata(COMMENT) } as const;
  return [
    { operation: 'create', object: { ...table, flags: ['owner', 'persist'] } },
    ...chains.map(object => ({ operation: 'create', object }) as const),
    ...rules.map(object => ({ operation: 'add', object }) as const),
  ];
}

/** A chain whose rules differ is filled anew; packets see all of the old rules or all of the new ones. */
function changeTable({ family, chains, rules }: PacketTable, present: Present): BatchOperation[] {
  const kept = new Set(
    present.chains.filter(there => chains.some(chain => describeChain(chain) === describeChain(there))).map(nameOf),
  );
  const wake: BatchOperation[] = (present.table.flags ?? []).includes('dormant')
    ? [{ operation: 'add', object: { kind: 'table', family, name: NETWORK_TABLE } }]
    : [];
  const going = present.chains.filter(({ name }) => !kept.has(name));
  const refilled = chains.filter(({ name }) => !kept.has(name) || !isSame(name, rules, present.rules));
  return [
    ...wake,
    ...going.flatMap((chain): BatchOperation[] => [
      { operation: 'flush', object: referenceTo(chain) },
      { operation: 'delete', object: referenceTo(chain) },
    ]),
    ...refilled.map(
      (chain): BatchOperation =>
        kept.has(chain.name)
          ? { operation: 'flush', object: referenceTo(chain) }
          : { operation: 'create', object: chain },
    ),
    ...rules
      .filter(({ chain }) => refilled.some(({ name }) => name === chain))
      .map(object => ({ operation: 'add', object }) as const),
  ];
}

function isSame(chain: string, wanted: PacketTable['rules'], present: readonly ListedRule[]): boolean {
  const text = (rules: PacketTable['rules']) => rules.filter(rule => rule.chain === chain).map(describeRule);
  return JSON.stringify(text(wanted)) === JSON.stringify(text(present));
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

function referenceTo({ family, table, name }: Pick<ListedChain, 'family' | 'table' | 'name'>) {
  return { kind: 'chain', family, table, name } as const;
}

function withoutOwner(operation: BatchOperation): BatchOperation {
  if (operation.operation !== 'create' || operation.object.kind !== 'table') return operation;
  const { flags, ...object } = operation.object;
  return { operation: 'create', object };
}
