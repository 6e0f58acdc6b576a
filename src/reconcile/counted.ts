// Everything that counts for a rule of the policy: nft rules with a comment of ours and a counter, elements of the verdict
// maps that rules look into, and what the classifiers that they call have for each of their rules. A map that nothing
// looks into is left over from a policy before.

import { UNREACHED_CHAIN } from '../backend/nft/unreached-rules';
import type { Connection } from '../netlink/connection';
import { dumpElements } from '../netlink/nftables/element';
import { decodeElementCounts } from '../netlink/nftables/element-count';
import type { Expression } from '../netlink/nftables/expression/expression';
import { NFT_REG_VERDICT } from '../netlink/nftables/expression/register';
import type { ListedRule } from '../netlink/nftables/rule';
import type { PacketFamily } from '../packet/packet';
import { instancesOf } from './actual';
import { countsIn, rulesInForce } from './classifier/in-force';
import { commentOf } from './description';

export interface Counted {
  /** Of the rule that it counts for. */
  readonly comment: string;
  /** undefined where no packet comes. */
  readonly family: PacketFamily | undefined;
  readonly packets: bigint;
  readonly bytes: bigint;
}

/**
 * `rules` as just read; rejects with ENOENT where they have changed since, with MissingInstanceError also where the pins
 * of a classifier are gone.
 */
export async function readCounted(connection: Connection, rules: readonly ListedRule[]): Promise<Counted[]> {
  const counted = await readCountedInTables(connection, rules);
  for (const [directory, family] of classifiersIn(rules)) {
    for (const { comment, packets, bytes } of await countsIn(directory))
      counted.push({ comment, family, packets, bytes });
  }
  return counted;
}

/** The comments alone. A classifier whose pins are gone has none: it can be replaced, but not read. */
export async function readComments(connection: Connection, rules: readonly ListedRule[]): Promise<string[]> {
  const counted: readonly Pick<Counted, 'comment'>[] = await readCountedInTables(connection, rules);
  const classified = await Promise.all([...classifiersIn(rules).keys()].map(rulesInForce));
  return [...counted, ...classified.flat()].map(({ comment }) => comment);
}

async function readCountedInTables(connection: Connection, rules: readonly ListedRule[]): Promise<Counted[]> {
  const counted = rules.flatMap(countedRule);
  for (const { family, table, map } of mapsOf(rules)) {
    for (const message of await connection.dump(dumpElements(family, table, map))) {
      for (const { comment, packets, bytes } of decodeElementCounts(message)) {
        counted.push({ comment, family, packets, bytes });
      }
    }
  }
  return counted;
}

/** Each once. */
function classifiersIn(rules: readonly ListedRule[]): ReadonlyMap<string, PacketFamily> {
  const directories = new Map<string, PacketFamily>();
  for (const rule of rules) {
    for (const directory of instancesOf(rule)) directories.set(directory, familyOf(rule));
  }
  return directories;
}

function countedRule(rule: ListedRule): Counted[] {
  return countedBy(rule, rule.chain === UNREACHED_CHAIN ? undefined : familyOf(rule));
}

function countedBy(
  object: { readonly userdata?: Uint8Array; readonly expressions?: readonly Expression[] },
  family: PacketFamily | undefined,
): Counted[] {
  const comment = commentOf(object);
  const counter = object.expressions?.find(expression => expression.kind === 'counter');
  // Without a counter it only leads to the rule that has it.
  if (comment === undefined || counter === undefined) return [];
  return [{ comment, family, packets: counter.packets ?? 0n, bytes: counter.bytes ?? 0n }];
}

interface UsedMap {
  readonly family: PacketFamily;
  readonly table: string;
  readonly map: string;
}

/** Each once. */
function mapsOf(rules: readonly ListedRule[]): UsedMap[] {
  const maps = new Map<string, UsedMap>();
  for (const rule of rules) {
    for (const each of rule.expressions) {
      if (each.kind !== 'lookup' || each.destination !== NFT_REG_VERDICT) continue;
      const used = { family: familyOf(rule), table: rule.table, map: each.set };
      maps.set(Object.values(used).join(' '), used);
    }
  }
  return [...maps.values()];
}

function familyOf({ family }: ListedRule): PacketFamily {
  return family === 'ip6' ? 'ip6' : 'ip';
}
