// Rules with their counters as the kernel has them, known by our own user data alone: a process that never saw the
// policy reads the same.

import { compareKeys } from '../backend/nft/order-key';
import type { PolicyComment } from '../backend/nft/policy-comment';
import { parseRuleComment, type RuleComment } from '../backend/nft/rule-comment';
import type { Connection } from '../netlink/connection';
import { FAMILIES } from '../packet/families';
import type { PacketFamily } from '../packet/packet';
import { classifierProgramsOf, programsOf, readEarlierCounts, readTables, undisturbed } from './actual';
import { readBridgeCounts } from './bridge';
import { type Counted, readComments, readCounted } from './counted';
import type { EarlierCount } from './earlier-counts';
import { connect, type Target } from './target';

export interface RuleCount extends Omit<RuleComment, 'key'> {
  /** 1-based place in the policy. */
  readonly index: number;
  readonly packets: bigint;
  readonly bytes: bigint;
  /** Families in which the rule stands; none where it matches no packet. */
  readonly families: readonly PacketFamily[];
}

export interface Counters {
  readonly policy: PolicyComment | undefined;
  /** In the order of the policy. */
  readonly rules: readonly RuleCount[];
  /** Names of the programs that the rules call, those of classifiers included. */
  readonly programs: readonly string[];
}

export async function readCounters(target: Target): Promise<Counters> {
  const connection = connect(target);
  try {
    return await undisturbed(() => readAll(connection));
  } finally {
    connection.close();
  }
}

async function readAll(connection: Connection): Promise<Counters> {
  const actual = await readTables(connection);
  const inTables = await readCounted(connection, [...(actual.ip?.rules ?? []), ...(actual.ip6?.rules ?? [])]);
  const counted = [...inTables, ...(await readBridgeCounts(connection))];
  const earlier: EarlierCount[] = [];
  for (const family of FAMILIES) {
    if (actual[family] !== undefined) earlier.push(...((await readEarlierCounts(connection, family))?.values() ?? []));
  }
  return {
    policy: actual.ip?.policy ?? actual.ip6?.policy,
    rules: countRules(counted, earlier),
    programs: [...new Set([...programsOf(actual), ...classifierProgramsOf(actual)])].sort(),
  };
}

/** Order keys in force by ref: what a new version is planned with, so that rules which stay need not be sent again. */
export async function readKeys(target: Target): Promise<ReadonlyMap<string, string>> {
  const connection = connect(target);
  try {
    return await undisturbed(async () => {
      const { ip, ip6 } = await readTables(connection);
      const texts = await readComments(connection, [...(ip?.rules ?? []), ...(ip6?.rules ?? [])]);
      const comments = texts.map(parseRuleComment);
      return new Map(comments.flatMap(comment => (comment === undefined ? [] : [[comment.ref, comment.key] as const])));
    });
  } finally {
    connection.close();
  }
}

/** A rule may stand in both tables, and in each in several places: all of them together, with what it counted earlier. */
export function countRules(counted: readonly Counted[], earlier: readonly EarlierCount[] = []): RuleCount[] {
  const totals = new Map<string, Total>();
  for (const { comment: text, family, packets, bytes } of counted) {
    const comment = parseRuleComment(text);
    if (comment === undefined) continue;
    const total = totals.get(comment.ref);
    if (total === undefined) {
      totals.set(comment.ref, {
        comment,
        order: Number(comment.key),
        packets,
        bytes,
        families: withFamily(NONE, family),
      });
    } else {
      total.packets += packets;
      total.bytes += bytes;
      total.families = withFamily(total.families, family);
    }
  }
  for (const { ref, isKept, packets, bytes } of earlier) {
    const total = totals.get(ref);
    if (total === undefined || isKept) continue;
    total.packets += packets;
    total.bytes += bytes;
  }
  const inOrder = [...totals.values()].sort((a, b) => a.order - b.order || compareKeys(a.comment.key, b.comment.key));
  return inOrder.map(({ comment: { ref, action, enabled }, packets, bytes, families }, position) => {
    return { index: position + 1, ref, action, enabled, packets, bytes, families };
  });
}

interface Total {
  readonly comment: RuleComment;
  /** The order key as far as a number can say it. */
  readonly order: number;
  packets: bigint;
  bytes: bigint;
  families: readonly PacketFamily[];
}

/** There are thousands of counts and four of these, FAMILIES among them. */
const NONE: readonly PacketFamily[] = [];
const IP: readonly PacketFamily[] = ['ip'];
const IP6: readonly PacketFamily[] = ['ip6'];

function withFamily(families: readonly PacketFamily[], family: PacketFamily | undefined): readonly PacketFamily[] {
  if (family === undefined || families.includes(family)) return families;
  if (families.length > 0) return FAMILIES;
  return family === 'ip' ? IP : IP6;
}
