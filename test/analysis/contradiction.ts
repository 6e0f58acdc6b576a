// What the analysis says, held against packets: the evaluator judges each packet that is shown, and no packet may do what
// was said to be impossible.

import type { Finding, RuleAnalysis } from '../../src/analysis/finding';
import type { Witness } from '../../src/analysis/witness';
import { evaluate, holds } from '../../src/ir/evaluate';
import type { Rule } from '../../src/ir/ruleset';
import { dissect } from '../../src/packet/packet';
import { isReceived } from './received';

export function contradictions(
  rules: readonly Rule[],
  analyses: readonly RuleAnalysis[],
  packets: readonly Witness[],
): string[] {
  return rules.flatMap((rule, position) => {
    const analysis = analyses[position] as RuleAnalysis;
    const { findings } = analysis;
    const witness = witnessOf(analysis);
    const before = rules.slice(0, position);
    const wrong: string[] = [];
    if (witness !== undefined && !(isReceived(witness.frame) && reaches(rule, before, witness)))
      wrong.push(`reached: ${analysis.witness}`);
    if (witness === undefined && findings.length === 0) wrong.push('neither reached nor found fault with');
    for (const finding of findings) {
      const shown = witnessOf(finding);
      if (shown !== undefined && !(isReceived(shown.frame) && shows(finding, rule, rules, shown)))
        wrong.push(`${finding.kind}: ${finding.witness}`);
      const against = packets.find(packet => contradicts(finding, rule, before, packet));
      if (against !== undefined) wrong.push(`${finding.kind} against ${Buffer.from(against.frame).toString('hex')}`);
    }
    return wrong.map(text => `${rule.ref}: ${text}`);
  });
}

function witnessOf({ witness, in_iface }: Pick<Finding, 'witness' | 'in_iface'>): Witness | undefined {
  if (witness === null) return undefined;
  return { frame: Buffer.from(witness, 'hex'), inIface: in_iface === null ? undefined : Buffer.from(in_iface) };
}

function shows({ kind, by }: Finding, rule: Rule, rules: readonly Rule[], packet: Witness): boolean {
  const decided = evaluate({ account: '', rules }, packet.frame, packet.inIface).rule;
  if (!matches(rule, packet) || decided === undefined || !by.includes(decided.ref) || decided.index >= rule.index)
    return false;
  return kind === 'shadowed' || (kind === 'conflict' && decided.action !== rule.action);
}

function contradicts({ kind, family }: Finding, rule: Rule, before: readonly Rule[], packet: Witness): boolean {
  const dissected = dissect(packet.frame);
  if (dissected === undefined || (family !== 'both' && family !== dissected.family)) return false;
  switch (kind) {
    case 'never_matches':
      return matches(rule, packet);
    case 'always_matches':
      return !matches(rule, packet);
    case 'shadowed':
      return reaches(rule, before, packet);
    default:
      return false;
  }
}

function reaches(rule: Rule, before: readonly Rule[], packet: Witness): boolean {
  return (
    matches(rule, packet) && evaluate({ account: '', rules: before }, packet.frame, packet.inIface).rule === undefined
  );
}

function matches(rule: Rule, { frame, inIface }: Witness): boolean {
  const packet = dissect(frame, inIface);
  return packet !== undefined && holds(rule.formula[packet.family], packet);
}
