// What the analysis says, held against packets: the evaluator judges each packet that is shown, and no packet may do what
// was said to be impossible.

import type { Finding, RuleAnalysis } from '../../src/analysis/finding';
import { evaluate, holds } from '../../src/ir/evaluate';
import type { Rule } from '../../src/ir/ruleset';
import { dissect } from '../../src/packet/packet';
import { isReceived } from './received';

export function contradictions(
  rules: readonly Rule[],
  analyses: readonly RuleAnalysis[],
  frames: readonly Uint8Array[],
): string[] {
  return rules.flatMap((rule, position) => {
    const { witness, findings } = analyses[position] as RuleAnalysis;
    const before = rules.slice(0, position);
    const wrong: string[] = [];
    if (witness !== null && !(isGood(witness) && reaches(rule, before, fromHex(witness))))
      wrong.push(`reached: ${witness}`);
    if (witness === null && findings.length === 0) wrong.push('neither reached nor found fault with');
    for (const finding of findings) {
      const shown = finding.witness;
      if (shown !== null && !(isGood(shown) && shows(finding, rule, rules, fromHex(shown))))
        wrong.push(`${finding.kind}: ${shown}`);
      const against = frames.find(frame => contradicts(finding, rule, before, frame));
      if (against !== undefined) wrong.push(`${finding.kind} against ${Buffer.from(against).toString('hex')}`);
    }
    return wrong.map(text => `${rule.ref}: ${text}`);
  });
}

function fromHex(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex');
}

/** The hook can see it, checksum included. */
function isGood(hex: string): boolean {
  const frame = fromHex(hex);
  return isReceived(frame);
}

function shows({ kind, by }: Finding, rule: Rule, rules: readonly Rule[], frame: Uint8Array): boolean {
  const decided = evaluate({ account: '', rules }, frame).rule;
  if (!matches(rule, frame) || decided === undefined || !by.includes(decided.ref) || decided.index >= rule.index)
    return false;
  return kind === 'shadowed' || (kind === 'conflict' && decided.action !== rule.action);
}

function contradicts({ kind, family }: Finding, rule: Rule, before: readonly Rule[], frame: Uint8Array): boolean {
  const packet = dissect(frame);
  if (packet === undefined || (family !== 'both' && family !== packet.family)) return false;
  switch (kind) {
    case 'never_matches':
      return matches(rule, frame);
    case 'always_matches':
      return !matches(rule, frame);
    case 'shadowed':
      return reaches(rule, before, frame);
    default:
      return false;
  }
}

function reaches(rule: Rule, before: readonly Rule[], frame: Uint8Array): boolean {
  return matches(rule, frame) && evaluate({ account: '', rules: before }, frame).rule === undefined;
}

function matches(rule: Rule, frame: Uint8Array): boolean {
  const packet = dissect(frame);
  return packet !== undefined && holds(rule.formula[packet.family], packet);
}
