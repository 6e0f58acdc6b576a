// What the kernel has of ours in one namespace. A dump that fails or is interrupted rejects; it never reads as "nothing".

import { basename } from 'node:path';
import { TABLE, TABLE_COMMENT } from '../backend/nft/compile-table';
import { type PolicyComment, parsePolicyComment } from '../backend/nft/policy-comment';
import type { Connection } from '../netlink/connection';
import { decodeChain, dumpChains, type ListedChain } from '../netlink/nftables/chain';
import { decodeElements, dumpElements, type SetElement } from '../netlink/nftables/element';
import { pinnedProgramPath } from '../netlink/nftables/expression/xt-bpf-info';
import { decodeRule, dumpRules, type ListedRule } from '../netlink/nftables/rule';
import { decodeSet, dumpSets, type ListedSet } from '../netlink/nftables/set';
import { decodeTable, dumpTables, type ListedTable } from '../netlink/nftables/table';
import { userdataComment } from '../netlink/nftables/userdata';
import type { PacketFamily } from '../packet/packet';
import { ForeignTableError } from './foreign-table-error';

export interface ActualTable {
  readonly table: ListedTable;
  readonly policy: PolicyComment | undefined;
  readonly chains: readonly ListedChain[];
  readonly rules: readonly ListedRule[];
  readonly sets: readonly ActualSet[];
}

export interface ActualSet extends ListedSet {
  readonly elements: readonly SetElement[];
}

export type Actual = Readonly<Record<PacketFamily, ActualTable | undefined>>;

/** Throws ForeignTableError where a table of our name is not ours. */
export async function readActual(connection: Connection): Promise<Actual> {
  return { ip: await readTable(connection, 'ip'), ip6: await readTable(connection, 'ip6') };
}

async function readTable(connection: Connection, family: PacketFamily): Promise<ActualTable | undefined> {
  const tables = (await connection.dump(dumpTables(family))).map(decodeTable);
  const table = tables.find(({ name }) => name === TABLE);
  if (table === undefined) return undefined;
  if (table.userdata === undefined || userdataComment(table.userdata) !== TABLE_COMMENT) {
    throw new ForeignTableError(family, TABLE);
  }
  const chains = (await connection.dump(dumpChains(family))).map(decodeChain).filter(chain => chain.table === TABLE);
  const rules = (await connection.dump(dumpRules(family, TABLE))).map(decodeRule);
  const listed = (await connection.dump(dumpSets(family, TABLE))).map(decodeSet);
  const sets: ActualSet[] = [];
  for (const set of listed) {
    const answers = await connection.dump(dumpElements(family, TABLE, set.name));
    sets.push({ ...set, elements: answers.flatMap(message => decodeElements(message).elements) });
  }
  return { table, policy: policyOf(chains), chains, rules, sets };
}

function policyOf(chains: readonly ListedChain[]): PolicyComment | undefined {
  const comments = chains.map(({ userdata }) => (userdata === undefined ? undefined : userdataComment(userdata)));
  return comments.map(comment => parsePolicyComment(comment ?? '')).find(found => found !== undefined);
}

/** Names of the pinned programs that the rules call. */
export function programsOf(actual: Actual): Set<string> {
  const rules = [...(actual.ip?.rules ?? []), ...(actual.ip6?.rules ?? [])];
  const matches = rules.flatMap(rule => rule.expressions).filter(expression => expression.kind === 'match');
  return new Set(matches.flatMap(match => pinnedProgramPath(match) ?? []).map(path => basename(path)));
}
