// Rules with their counters as the kernel has them, known by our own user data alone: a process that never saw the
// policy reads the same.

import type { PolicyComment } from '../backend/nft/policy-comment';
import { parseRuleComment, type RuleComment } from '../backend/nft/rule-comment';
import type { ListedRule } from '../netlink/nftables/rule';
import { userdataComment } from '../netlink/nftables/userdata';
import type { PacketFamily } from '../packet/packet';
import { type ActualRules, type InBothFamilies, programsOf, readActualRules } from './actual';
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

/** A rule may stand in both tables, and in each once more for later fragments: all of them together. */
export function countersOf(actual: InBothFamilies<ActualRules>): Counters {
  const counts = new Map<number, RuleCount>();
  for (const family of ['ip', 'ip6'] as const) {
    for (const rule of actual[family]?.rules ?? []) {
      const found = ruleCount(rule);
      if (found === undefined) continue;
      const earlier = counts.get(found.comment.index);
      counts.set(found.comment.index, {
        ...found.comment,
        packets: found.packets + (earlier?.packets ?? 0n),
        bytes: found.bytes + (earlier?.bytes ?? 0n),
        families: [...new Set([...(earlier?.families ?? []), family])],
      });
    }
  }
  const rules = [...counts.values()].sort((a, b) => a.index - b.index);
  return { policy: actual.ip?.policy ?? actual.ip6?.policy, rules, programs: [...programsOf(actual)].sort() };
}

/** undefined for rules without a counter: those that only lead to the one that has it. */
function ruleCount(rule: ListedRule): { comment: RuleComment; packets: bigint; bytes: bigint } | undefined {
  const comment = parseRuleComment(rule.userdata === undefined ? '' : (userdataComment(rule.userdata) ?? ''));
  const counter = rule.expressions.find(expression => expression.kind === 'counter');
  if (comment === undefined || counter === undefined) return undefined;
  return { comment, packets: counter.packets ?? 0n, bytes: counter.bytes ?? 0n };
}
