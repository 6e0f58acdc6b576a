// Which rule decides each packet, by the evaluator. It judges only the rules that a packet's addresses leave in question,
// which whoever made the ruleset knows: a rule taken for impossible that matches all the same shows as a difference.

import { invariant } from '../../src/diagnostic/invariant';
import { evaluate } from '../../src/ir/evaluate';
import type { Rule, Ruleset } from '../../src/ir/ruleset';
import { type PacketTable, packetAt, packetCount } from './ipv4-packet';

/** Positions in the ruleset, ascending, among which are all the rules that may match. */
export type Candidates = (packet: Uint8Array) => readonly number[];

export const NO_RULE = -1;

/** Positions in the ruleset, NO_RULE where the packet falls through. */
export function decidingRules(ruleset: Ruleset, packets: PacketTable, candidates: Candidates): Int32Array {
  const decided = new Int32Array(packetCount(packets)).fill(NO_RULE);
  for (let packet = 0; packet < decided.length; packet++) {
    const bytes = packetAt(packets, packet);
    const { rule } = evaluate(
      { ...ruleset, rules: candidates(bytes).map(position => ruleAt(ruleset, position)) },
      bytes,
    );
    if (rule !== undefined) decided[packet] = rule.index - 1;
  }
  return decided;
}

function ruleAt({ rules }: Ruleset, position: number): Rule {
  const rule = rules[position];
  invariant(rule !== undefined && rule.index === position + 1, 'rules are numbered by their places');
  return rule;
}
