// Rules with their counters as the kernel has them, known by our own user data alone: a process that never saw the
// policy reads the same.

import { compareKeys } from '../backend/nft/order-key';
import type { PolicyComment } from '../backend/nft/policy-comment';
import { parseRuleComment, type RuleComment } from '../backend/nft/rule-comment';
import type { Connection } from '../netlink/connection';
import type { PacketFamily } from '../packet/packet';
import { programsOf, readTables, undisturbed } from './actual';
import { type Counted, readCounted } from './counted';
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
  /** Names of the pinned programs that the rules call. */
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
  const counted = await readCounted(connection, [...(actual.ip?.rules ?? []), ...(actual.ip6?.rules ?? [])]);
  return {
    policy: actual.ip?.policy ?? actual.ip6?.policy,
    rules: countRules(counted),
    programs: [...programsOf(actual)].sort(),
  };
}

/** Order keys in force by ref: what a new version is planned with, so that rules which stay need not be sent again. */
export async function readKeys(target: Target): Promise<ReadonlyMap<string, string>> {
  const connection = connect(target);
  try {
    return await undisturbed(async () => {
      const { ip, ip6 } = await readTables(connection);
      const counted = await readCounted(connection, [...(ip?.rules ?? []), ...(ip6?.rules ?? [])]);
      const comments = counted.map(({ comment }) => parseRuleComment(comment));
      return new Map(comments.flatMap(comment => (comment === undefined ? [] : [[comment.ref, comment.key] as const])));
    });
  } finally {
    connection.close();
  }
}

/** A rule may stand in both tables, and in each in several places: all of them together. */
export function countRules(counted: readonly Counted[]): RuleCount[] {
  const counts = new Map<string, Omit<RuleCount, 'index'> & RuleComment>();
  for (const { comment: text, family, packets, bytes } of counted) {
    const comment = parseRuleComment(text);
    if (comment === undefined) continue;
    const earlier = counts.get(comment.ref);
    const families = earlier?.families ?? [];
    counts.set(comment.ref, {
      ...comment,
      packets: packets + (earlier?.packets ?? 0n),
      bytes: bytes + (earlier?.bytes ?? 0n),
      families: family === undefined || families.includes(family) ? families : [...families, family].sort(),
    });
  }
  const inOrder = [...counts.values()].sort((a, b) => compareKeys(a.key, b.key));
  return inOrder.map(({ key, ...count }, position) => ({ index: position + 1, ...count }));
}
