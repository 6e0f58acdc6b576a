// A second generation of the policy's tables, in which the same rules stand for a moment: while it is there, the tables
// proper can go as a whole and be made anew. A packet that either drops is dropped. The one that comes first counts it; what
// passes both is counted by both, so of the bridge only what it has dropped is kept, and its rules do not log.

import { TABLE } from '../backend/nft/compile-table';
import { parseRuleComment } from '../backend/nft/rule-comment';
import type { Connection } from '../netlink/connection';
import { encodeBatch } from '../netlink/nftables/batch';
import type { BatchOperation } from '../netlink/nftables/batch-operation';
import { nextGeneration } from '../netlink/nftables/generation';
import { decodeTable, dumpTables } from '../netlink/nftables/table';
import { bothFamilies } from '../packet/families';
import type { PacketFamily } from '../packet/packet';
import type { Plan } from '../plan';
import {
  type Actual,
  classifiersOf,
  type InBothFamilies,
  isOurs,
  readActual,
  readEarlierCounts,
  readTables,
} from './actual';
import { carriedCounts, changeDuring, commitCarrying, type Part } from './carried-counts';
import { type InstalledClassifiers, tableSpecs } from './classifier/install';
import { readLast, readLeaving } from './classifier/leaving';
import { type Counted, readCounted } from './counted';
import { type Lost, lostOf } from './lost-counts';
import type { Specs } from './policy-change';
import type { Replaced, Replacing } from './replace';
import { type Digests, rulesIn, stayingRules } from './staying';
import type { TableSpec } from './table-spec';
import { deleteTable } from './transaction';

export const BRIDGE = 'rampart_bridge';

export const BESIDE: Replacing = { table: BRIDGE, way: 'change', specs: bridgeSpecs };

function bridgeSpecs(plan: Plan, installed: InstalledClassifiers): Specs {
  const { ip, ip6 } = tableSpecs(plan, installed, BRIDGE);
  return { ip: withoutLogs(ip), ip6: withoutLogs(ip6) };
}

function withoutLogs(spec: TableSpec): TableSpec {
  const rules = spec.rules.map(rule => {
    return { ...rule, expressions: rule.expressions.filter(({ kind }) => kind !== 'log') };
  });
  return { ...spec, rules };
}

/** A table of the name that is somebody else's is none. */
export async function hasBridge(connection: Connection): Promise<boolean> {
  const tables = (await connection.dump(dumpTables('unspec'))).map(decodeTable);
  return tables.some(table => table.name === BRIDGE && isOurs(table));
}

/** What it has dropped. Not all at one time, as readTables(). */
export async function readBridgeCounts(connection: Connection): Promise<Counted[]> {
  if (!(await hasBridge(connection))) return [];
  const { ip, ip6 } = await readTables(connection, BRIDGE);
  const counted = await readCounted(connection, [...(ip?.rules ?? []), ...(ip6?.rules ?? [])]);
  return counted.filter(({ comment }) => {
    const rule = parseRuleComment(comment);
    return rule?.action === 'block' && rule.enabled;
  });
}

/**
 * It goes, if there is one, and what it has counted comes to the tables that are as `replaced` says. Rejects with ERESTART
 * where they are not any more.
 */
export async function removeBridge(connection: Connection, plan: Plan, replaced: Replaced): Promise<Replaced> {
  if (!(await hasBridge(connection))) return replaced;
  const bridge = await readActual(connection, BRIDGE);
  const dropping = droppingRules(plan);
  const staying = stayingRules(plan.ruleset.rules, 'kept', false);
  const leaving = await leavingOf(bridge, dropping);
  const losing = bothFamilies(family => losingOf(bridge[family], dropping, leaving[family] ?? []));
  const earlier = { ip: await readEarlierCounts(connection, 'ip'), ip6: await readEarlierCounts(connection, 'ip6') };
  const carried = bothFamilies(family => carriedCounts(TABLE, earlier[family], losing[family], staying));
  const operations = [
    ...losing.ip.operations,
    ...losing.ip6.operations,
    ...changeDuring('ip', carried.ip),
    ...changeDuring('ip6', carried.ip6),
  ];
  let { generation } = replaced;
  const commit = async (part: Part, more: readonly BatchOperation[]) => {
    const batch = [...(part === 'operations' ? operations : []), ...more];
    if (batch.length === 0) return [];
    const echoed = await connection.commitWithEcho(encodeBatch(batch, generation));
    generation = nextGeneration(generation);
    return echoed;
  };
  const counts = await commitCarrying(carried, commit, () => lastOf(bridge, leaving));
  return { ...replaced, generation, earlier: counts };
}

function droppingRules({ ruleset: { rules } }: Plan): Digests {
  return rulesIn(rules.filter(rule => rule.action === 'block' && rule.enabled));
}

function losingOf(bridge: Actual[PacketFamily], dropping: Digests, leaving: readonly Lost[]) {
  if (bridge === undefined) return { operations: [], lost: leaving, lostAfterwards: [] };
  const { operations, lost } = lostOf({ operations: deleteTable(bridge), afterwards: [] }, bridge, dropping);
  return { operations, lost: [...lost, ...leaving], lostAfterwards: [] };
}

async function leavingOf(bridge: Actual, dropping: Digests): Promise<InBothFamilies<readonly Lost[]>> {
  const directories = classifiersOf(bridge);
  const leaving = (family: PacketFamily) => {
    return readLeaving(directories[family], bridge[family]?.classified ?? [], [], dropping);
  };
  return { ip: await leaving('ip'), ip6: await leaving('ip6') };
}

async function lastOf(
  bridge: Actual,
  leaving: InBothFamilies<readonly Lost[]>,
): Promise<InBothFamilies<readonly Lost[]>> {
  const directories = classifiersOf(bridge);
  return {
    ip: await readLast(directories.ip, leaving.ip ?? []),
    ip6: await readLast(directories.ip6, leaving.ip6 ?? []),
  };
}
