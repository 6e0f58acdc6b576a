// Which stages the rules of a family become: those whose worst cost for a packet is the least. First come linear stages
// and maps; from some rule on to the end a classifier may take all. It stands last, for what it accepts is accepted.

import type { Formula } from '../ir/formula';
import type { Rule } from '../ir/ruleset';
import type { PacketFamily } from '../packet/packet';
import { classifierCost } from './cost';
import { isKey } from './exact-run';
import { fieldName, mapName } from './map-name';
import type { RuleBackend } from './rule-backend';
import { type Segment, segmentsOf } from './segment';
import type { ClassifierStage, LinearStage, Stage, StageChoice, VerdictMapStage } from './stage';

/** So many rules without programs never need a classifier: it is a program, which must be compiled. */
const MOST_LINEAR = 16;

export interface StageOptions {
  readonly family: PacketFamily;
  readonly choice: StageChoice;
  readonly nft: RuleBackend;
  /** Why there may be no classifier, in words that end a sentence; undefined where there may. */
  readonly noClassifier: string | undefined;
}

export function chooseStages(ruled: readonly Rule[], options: StageOptions): Stage[] {
  const { family } = options;
  const rules = ruled.filter(rule => !isFalse(rule.formula[family]));
  const segments = segmentsOf(rules, options);
  const { kept, rest } = division(segments, options);
  const names = new Map<string, number>();
  const stages = segments.slice(0, kept).map(({ run, ...segment }) => {
    return run === undefined ? linearStage(segment, options) : mapStage({ ...segment, run }, names, family);
  });
  return rest === undefined ? stages : [...stages, classifierStage(segments.slice(kept), rest, options)];
}

function isFalse(formula: Formula): boolean {
  return formula.kind === 'constant' && !formula.value;
}

/** What a classifier would have to do. */
interface Content {
  rules: number;
  logging: number;
  programs: number;
  inPrograms: number;
}

/** How many segments stand before a classifier of the rest, if there is one. */
function division(
  segments: readonly Segment[],
  { choice, noClassifier }: StageOptions,
): { readonly kept: number; readonly cost: number; readonly rest?: Content } {
  let before = segments.reduce((sum, { cost }) => sum + cost, 0);
  let best: ReturnType<typeof division> = { kept: segments.length, cost: before };
  if (noClassifier !== undefined || choice === 'linear' || choice === 'verdict_map') return best;
  const rest = { rules: 0, logging: 0, programs: 0, inPrograms: 0 };
  for (let kept = segments.length - 1; kept >= 0; kept--) {
    const segment = segments[kept] as Segment;
    before -= segment.cost;
    rest.rules += segment.rules.length;
    rest.logging += segment.rules.filter(({ action, enabled }) => action === 'log' || !enabled).length;
    rest.programs += segment.programs;
    rest.inPrograms += segment.inPrograms;
    const cost = before + classifierCost(rest);
    const pays = (rest.rules > MOST_LINEAR || rest.programs > 1) && cost < best.cost;
    if (pays || (choice === 'classifier' && kept === 0)) best = { kept, cost, rest: { ...rest } };
  }
  return best;
}

function linearStage(
  { rules, cost }: Pick<Segment, 'rules' | 'cost'>,
  { choice, noClassifier }: StageOptions,
): LinearStage {
  return { kind: 'linear', rules, cost, reason: reasonForLinear(rules.length, choice, noClassifier) };
}

function reasonForLinear(rules: number, choice: StageChoice, noClassifier: string | undefined): string {
  if (choice === 'linear') return 'asked for';
  if (choice === 'verdict_map') return 'not exact values of the same fields';
  if (noClassifier !== undefined && (choice === 'classifier' || rules > MOST_LINEAR))
    return `no classifier: ${noClassifier}`;
  if (rules > MOST_LINEAR) return 'a classifier costs no less';
  return rules === 1 ? 'nothing is cheaper for one rule' : 'nothing is cheaper for so few';
}

/** Maps of one key are numbered from the second on. */
function mapStage(
  { rules, run, cost, linearCost }: Segment & { run: NonNullable<Segment['run']> },
  names: Map<string, number>,
  family: PacketFamily,
): VerdictMapStage {
  const { columns } = run;
  const inKey = columns.map(column => isKey(column, columns));
  const key = columns.filter((_, index) => inKey[index]).map(({ test }) => test.load);
  const name = mapName(key, family);
  const number = (names.get(name) ?? 0) + 1;
  names.set(name, number);
  const fields = key.map(load => fieldName(load, family)).join(' and ');
  return {
    kind: 'verdict_map',
    name: number === 1 ? name : `${name}_${number}`,
    guards: columns.filter((_, index) => !inKey[index]).map(({ test }) => test),
    key,
    rules,
    cost,
    reason: `exact values of ${fields}; one after the other up to ${linearCost} ns`,
  };
}

function classifierStage(segments: readonly Segment[], content: Content, { choice }: StageOptions): ClassifierStage {
  const linearCost = segments.reduce((sum, segment) => sum + segment.linearCost, 0);
  return {
    kind: 'classifier',
    rules: segments.flatMap(({ rules }) => rules),
    cost: classifierCost(content),
    reason: choice === 'classifier' ? 'asked for' : `one after the other up to ${linearCost} ns`,
  };
}
