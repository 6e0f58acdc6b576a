// Rules with their counters as the kernel has them, known by our own user data alone: a process that never saw the
// policy reads the same.

import { compareKeys } from '../backend/nft/order-key';
import type { PolicyComment } from '../backend/nft/policy-comment';
import { parseRuleComment, type RuleComment } from '../backend/nft/rule-comment';
import { UNREACHED_CHAIN } from '../backend/nft/unreached-rules';
import type { ListedRule } from '../netlink/nftables/rule';
import type { PacketFamily } from '../packet/packet';
import { type ActualRules, type InBothFamilies, programsOf, readActualRules } from './actual';
import { commentOf } from './description';
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
    return countersOf(await readActualRules(connection));
  } finally {
    connection.close();
  }
}

export function countersOf(actual: InBothFamilies<ActualRules>): Counters {
  return {
    policy: actual.ip?.policy ?? actual.ip6?.policy,
    rules: countRules([...(actual.ip?.rules ?? []), ...(actual.ip6?.rules ?? [])]),
    programs: [...programsOf(actual)].sort(),
  };
}

/** Order keys in force by ref: what a new version is planned with, so that rules which stay need not be sent again. */
export async function readKeys(target: Target): Promise<ReadonlyMap<string, string>> {
  const connection = connect(target);
  try {
    const { ip, ip6 } = await readActualRules(connection);
    const comments = [...(ip?.rules ?? []), ...(ip6?.rules ?? [])].map(rule => parseRuleComment(commentOf(rule) ?? ''));
    return new Map(comments.flatMap(comment => (comment === undefined ? [] : [[comment.ref, comment.key] as const])));
  } finally {
    connection.close();
  }
}

/** A rule may stand in both tables, and in each once more for later fragments: all of them together. */
export function countRules(rules: readonly ListedRule[]): RuleCount[] {
  const counts = new Map<string, Omit<RuleCount, 'index'> & RuleComment>();
  for (const rule of rules) {
    const comment = parseRuleComment(commentOf(rule) ?? '');
    const counter = rule.expressions.find(expression => expression.kind === 'counter');
    // Without a counter it only leads to the rule that has it.
    if (comment === undefined || counter === undefined) continue;
    const earlier = counts.get(comment.ref);
    const family = rule.chain === UNREACHED_CHAIN ? [] : ([rule.family === 'ip6' ? 'ip6' : 'ip'] as const);
    counts.set(comment.ref, {
      ...comment,
      packets: (counter.packets ?? 0n) + (earlier?.packets ?? 0n),
      bytes: (counter.bytes ?? 0n) + (earlier?.bytes ?? 0n),
      families: [...new Set([...(earlier?.families ?? []), ...family])],
    });
  }
  const inOrder = [...counts.values()].sort((a, b) => compareKeys(a.key, b.key));
  return inOrder.map(({ key, ...count }, position) => ({ index: position + 1, ...count }));
}
