// What a plan asks of a family's classifier, as its instance needs it.

import { classifierProgram } from '../../backend/ebpf/classifier-text';
import { printRuleComment } from '../../backend/nft/rule-comment';
import { buildClassifier } from '../../classifier/build';
import { type Classifier, DEFAULT_LIMITS } from '../../classifier/classifier';
import { invariant } from '../../diagnostic/invariant';
import { digest } from '../../ir/rule-digest';
import type { Rule } from '../../ir/ruleset';
import type { PacketFamily } from '../../packet/packet';
import type { Plan, PlannedClassifier } from '../../plan';
import type { CountedRule } from './rule-record';

export interface WantedClassifier {
  readonly family: PacketFamily;
  readonly planned: PlannedClassifier;
  /** Of the classifier, in its order. */
  readonly rules: readonly Rule[];
  /** Order keys by ref. */
  readonly keys: ReadonlyMap<string, string>;
}

/** undefined where the family's rules have no classifier. */
export function wantedClassifier(
  { classifiers, stages, keys }: Plan,
  family: PacketFamily,
): WantedClassifier | undefined {
  const planned = classifiers[family];
  const stage = stages[family].at(-1);
  return planned && stage && { family, planned, rules: stage.rules, keys };
}

export function countedRules({ rules, keys }: WantedClassifier): CountedRule[] {
  return rules.map(rule => countedRule(rule, keys));
}

/** Asked again and again of rules that stay. */
const COUNTED = new WeakMap<Rule, CountedRule & { readonly key: string }>();

export function countedRule(rule: Rule, keys: ReadonlyMap<string, string>): CountedRule {
  const { ref, action, enabled } = rule;
  const key = keys.get(ref) as string;
  const known = COUNTED.get(rule);
  if (known?.key === key) return known;
  const counted = { comment: printRuleComment({ key, ref, action, enabled }), digest: digest(rule), key };
  COUNTED.set(rule, counted);
  return counted;
}

/** Whether there is nothing to do: the rules are the same ones under the same keys. */
export function isSame(from: WantedClassifier, to: WantedClassifier): boolean {
  const sameKeys = from.keys === to.keys;
  if (from.planned === to.planned) return sameKeys || from.rules.every(rule => hasSameKey(rule, from, to));
  // The usual case, which needs no look at all of the rules.
  if (to.planned.change?.before === from.planned.classifier) return false;
  if (from.planned.program.name !== to.planned.program.name || from.rules.length !== to.rules.length) return false;
  return from.rules.every((rule, position) => {
    return rule === to.rules[position] && (sameKeys || hasSameKey(rule, from, to));
  });
}

function hasSameKey({ ref }: Rule, from: WantedClassifier, to: WantedClassifier): boolean {
  return from.keys.get(ref) === to.keys.get(ref);
}

/** Whether its tables have gone on to a later version: they can no more be written. */
export function isUsedUp({ revision, tables }: Classifier): boolean {
  return revision !== tables.revision;
}

/** With tables of its own where a later plan has used them up. */
export function withTables(wanted: WantedClassifier): WantedClassifier {
  const { family, planned, rules } = wanted;
  if (!isUsedUp(planned.classifier)) return wanted;
  const classifier = buildClassifier(rules, family, DEFAULT_LIMITS, planned.classifier.shape);
  invariant(!('refused' in classifier), 'rules that have been a classifier are one again');
  return { ...wanted, planned: { program: classifierProgram(classifier.shape), classifier, change: undefined } };
}
