// What the kernel has of ours in one namespace. A dump that fails or is interrupted rejects; it never reads as "nothing".

import { basename } from 'node:path';
import { TABLE, TABLE_COMMENT } from '../backend/nft/compile-table';
import { type PolicyComment, parsePolicyComment } from '../backend/nft/policy-comment';
import type { Connection } from '../netlink/connection';
import { isNotFound } from '../netlink/netlink-error';
import { decodeChain, dumpChains, type ListedChain } from '../netlink/nftables/chain';
import { decodeElements, dumpElements, type SetElement } from '../netlink/nftables/element';
import { pinnedProgramPath } from '../netlink/nftables/expression/xt-bpf-info';
import { decodeRule, dumpRules, type ListedRule } from '../netlink/nftables/rule';
import { decodeSet, dumpSets, type ListedSet } from '../netlink/nftables/set';
import { decodeTable, dumpTables, type ListedTable } from '../netlink/nftables/table';
import { userdataComment } from '../netlink/nftables/userdata';
import type { PacketFamily } from '../packet/packet';
import { rulesInForce } from './classifier/in-force';
import { MissingInstanceError } from './classifier/missing-instance-error';
import { instanceDirectoryOf, programOfInstance } from './classifier/place';
import type { CountedRule } from './classifier/rule-record';
import { type EarlierCounts, earlierCounts, isEarlierSet } from './earlier-counts';
import { ForeignTableError } from './foreign-table-error';

const ATTEMPTS = 20;

/** A table without its sets: enough to know rules and read counters by. */
export interface ActualRules {
  readonly table: ListedTable;
  readonly policy: PolicyComment | undefined;
  readonly chains: readonly ListedChain[];
  readonly rules: readonly ListedRule[];
}

export interface ActualTable extends ActualRules {
  readonly sets: readonly ActualSet[];
  readonly maps: readonly ActualSet[];
  /** undefined where the table has no set of them. */
  readonly earlier: EarlierCounts | undefined;
  /** Rules of the classifier that the table's rules call; none where its pins are gone. */
  readonly classified: readonly CountedRule[];
}

export interface ActualSet extends ListedSet {
  readonly elements: readonly SetElement[];
}

export type InBothFamilies<T> = Readonly<Record<PacketFamily, T | undefined>>;
export type Actual = InBothFamilies<ActualTable>;

/** Throws ForeignTableError where a table of our name is not ours. */
export function readActual(connection: Connection, name = TABLE): Promise<Actual> {
  return undisturbed(async () => {
    const { ip, ip6 } = await readTables(connection, name);
    return { ip: ip && (await withSets(connection, ip)), ip6: ip6 && (await withSets(connection, ip6)) };
  });
}

/** As readActual, without the sets and their elements. */
export function readActualRules(connection: Connection, name = TABLE): Promise<InBothFamilies<ActualRules>> {
  return undisturbed(() => readTables(connection, name));
}

/** A table or a classifier may go between the dump that names it and those of what is in it; then all is read again. */
export async function undisturbed<T>(read: () => Promise<T>, attempts = ATTEMPTS): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(isNotFound(error) || error instanceof MissingInstanceError) || attempts === 1) throw error;
    return undisturbed(read, attempts - 1);
  }
}

/** Not all at one time: for use in undisturbed(). */
export async function readTables(connection: Connection, name = TABLE): Promise<InBothFamilies<ActualRules>> {
  return { ip: await readTable(connection, 'ip', name), ip6: await readTable(connection, 'ip6', name) };
}

async function readTable(connection: Connection, family: PacketFamily, name: string): Promise<ActualRules | undefined> {
  const tables = (await connection.dump(dumpTables(family))).map(decodeTable);
  const table = tables.find(each => each.name === name);
  if (table === undefined) return undefined;
  if (!isOurs(table)) throw new ForeignTableError(family, name);
  const chains = (await connection.dump(dumpChains(family))).map(decodeChain).filter(chain => chain.table === name);
  const rules = (await connection.dump(dumpRules(family, name))).map(decodeRule);
  return { table, policy: policyOf(chains), chains, rules };
}

export function isOurs({ userdata }: ListedTable): boolean {
  return userdata !== undefined && userdataComment(userdata) === TABLE_COMMENT;
}

async function withSets(connection: Connection, found: ActualRules): Promise<ActualTable> {
  const { family, name } = found.table;
  const listed = (await connection.dump(dumpSets(family, name))).map(decodeSet);
  const sets: ActualSet[] = [];
  // Sets without a name come and go with the rule that has them.
  for (const set of listed.filter(({ flags }) => !flags.includes('anonymous'))) {
    const answers = await connection.dump(dumpElements(family, name, set.name));
    sets.push({ ...set, elements: answers.flatMap(message => decodeElements(message).elements) });
  }
  const [maps, others] = partition(sets, ({ flags }) => flags.includes('map'));
  const [[earlier], plain] = partition(others, isEarlierSet);
  const classified = await classifiedBy(found);
  return { ...found, sets: plain, maps, classified, earlier: earlier && earlierCounts(earlier.elements) };
}

/** As readTables. undefined where the table has no set of them. */
export async function readEarlierCounts(
  connection: Connection,
  family: PacketFamily,
): Promise<EarlierCounts | undefined> {
  const listed = (await connection.dump(dumpSets(family, TABLE))).map(decodeSet).find(isEarlierSet);
  if (listed === undefined) return undefined;
  const answers = await connection.dump(dumpElements(family, TABLE, listed.name));
  return earlierCounts(answers.flatMap(message => decodeElements(message).elements));
}

async function classifiedBy(found: ActualRules): Promise<readonly CountedRule[]> {
  const directory = classifierOf(found);
  return directory === undefined ? [] : rulesInForce(directory);
}

function partition<T>(all: readonly T[], holds: (each: T) => boolean): readonly [T[], T[]] {
  return [all.filter(holds), all.filter(each => !holds(each))];
}

function policyOf(chains: readonly ListedChain[]): PolicyComment | undefined {
  const comments = chains.map(({ userdata }) => (userdata === undefined ? undefined : userdataComment(userdata)));
  return comments.map(comment => parsePolicyComment(comment ?? '')).find(found => found !== undefined);
}

/** Names of the pinned programs that the rules call, but for those of classifiers. */
export function programsOf({ ip, ip6 }: InBothFamilies<ActualRules>): Set<string> {
  const paths = [...pinsOf(ip?.rules), ...pinsOf(ip6?.rules)].filter(path => instanceDirectoryOf(path) === undefined);
  return new Set(paths.map(path => basename(path)));
}

/** Names of the programs of classifiers that the rules call. */
export function classifierProgramsOf(actual: InBothFamilies<ActualRules>): string[] {
  const { ip, ip6 } = classifiersOf(actual);
  return [ip, ip6].flatMap(directory => (directory === undefined ? [] : [programOfInstance(directory)]));
}

/** Directories of the classifiers that the rules call. */
export function classifiersOf({ ip, ip6 }: InBothFamilies<ActualRules>): InBothFamilies<string> {
  return { ip: ip && classifierOf(ip), ip6: ip6 && classifierOf(ip6) };
}

function classifierOf(found: ActualRules): string | undefined {
  return found.rules.flatMap(instancesOf)[0];
}

/** Directories of classifiers that a rule calls. */
export function instancesOf(rule: ListedRule): string[] {
  return pinsOf([rule]).flatMap(path => instanceDirectoryOf(path) ?? []);
}

function pinsOf(rules: readonly ListedRule[] = []): string[] {
  const expressions = rules.flatMap(rule => rule.expressions);
  return expressions.flatMap(each => (each.kind === 'match' ? (pinnedProgramPath(each) ?? []) : []));
}
