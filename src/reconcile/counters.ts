// Rules with their counters as the kernel has them, known by our own user data alone: a process that never saw the
// policy reads the same.

import type { PolicyComment } from '../backend/nft/policy-comment';
import { parseRuleComment, type RuleComment } from '../backend/nft/rule-comment';
import type { ListedRule } from '../netlink/nftables/rule';
import type { PacketFamily } from '../packet/packet';
import { type ActualRules, type InBothFamilies, programsOf, readActualRules } from './actual';
import { commentOf } from './description';
import { connect, type Target } from './target';

export interface RuleCount extends RuleComment {
  readonly packets: bigint;
  readonly bytes: bigint;
  /** Families in which the rule stands. */
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

/** A rule may stand in both tables, and in each once more for later fragments: all of them together. */
export function countRules(rules: readonly ListedRule[]): RuleCount[] {
  const counts = new Map<number, RuleCount>();
  for (const rule of rules) {
    const comment = parseRuleComment(commentOf(rule) ?? '');
    const counter = rule.expressions.find(expression => expression.kind === 'counter');
    // Without a counter it only leads to the rule that has it.
    if (comment === undefined || counter === undefined) continue;
    const earlier = counts.get(comment.index);
    counts.set(comment.index, {
      ...comment,
      packets: (counter.packets ?? 0n) + (earlier?.packets ?? 0n),
      bytes: (counter.bytes ?? 0n) + (earlier?.bytes ?? 0n),
      families: [...new Set([...(earlier?.families ?? []), rule.family === 'ip6' ? 'ip6' : 'ip'] as const)],
    });
  }
  return [...counts.values()].sort((a, b) => a.index - b.index);
}
