// A rule that has become another, in the tables of one family: whether it can stay in its stage, and then what changes.

import type { Program } from '../backend/ebpf/program';
import { lowerStage } from '../backend/nft/lower-stage';
import type { Backend } from '../backend/nft/rule';
import type { NftTable } from '../backend/nft/table';
import { changeClassifier } from '../classifier/change';
import { collect } from '../compile-plan';
import type { Formula } from '../ir/formula';
import type { Rule } from '../ir/ruleset';
import type { PacketFamily } from '../packet/packet';
import type { Plan, PlannedClassifier } from '../plan';
import type { ClassifierStage, LinearStage, Stage, VerdictMapStage } from '../stage/stage';
import { changeLinear } from './linear-change';
import { changeMap, fitsIn } from './map-change';
import { mapIndex } from './map-index';
import type { MapIndexes } from './plan-index';
import { positionOf } from './position';

/** What takes rules now that something else took before. */
export type Backends = ReadonlyMap<Rule, Backend>;

/** With what the plan before had where nothing changes. */
export interface ChangedFamily {
  readonly table: NftTable;
  readonly stages: readonly Stage[];
  readonly classifier: PlannedClassifier | undefined;
  readonly backends: Backends;
  /** That its rules may call now; undefined where no call has changed. */
  readonly programs: ReadonlyMap<string, Program> | undefined;
}

/** Carries out a change that has been found possible; undefined where a classifier has no room for it after all. */
export type FamilyChange = (indexes: MapIndexes) => ChangedFamily | undefined;

export function changeInFamily(plan: Plan, family: PacketFamily, before: Rule, rule: Rule): FamilyChange | undefined {
  const [old, wanted] = [before.formula[family], rule.formula[family]];
  if (isFalse(old) && isFalse(wanted)) return () => unchanged(plan, family);
  if (isFalse(old) || isFalse(wanted)) return undefined;
  const stages = plan.stages[family];
  for (const [position, stage] of stages.entries()) {
    const at = positionOf(stage.rules, before);
    if (at === -1) continue;
    const place: Place = { plan, family, position, at, rule };
    switch (stage.kind) {
      case 'linear':
        return changeInLinear(place, stage);
      case 'verdict_map':
        return changeInMap(place, stage);
      case 'classifier':
        return changeInClassifier(place, stage);
    }
  }
  return undefined;
}

/** Of a rule: the stage's position in the table, its own in the stage. */
interface Place {
  readonly plan: Plan;
  readonly family: PacketFamily;
  readonly position: number;
  readonly at: number;
  /** What it has become. */
  readonly rule: Rule;
}

function isFalse(formula: Formula): boolean {
  return formula.kind === 'constant' && !formula.value;
}

function unchanged({ tables, stages, classifiers }: Plan, family: PacketFamily): ChangedFamily {
  return {
    table: tables[family],
    stages: stages[family],
    classifier: classifiers[family],
    backends: new Map(),
    programs: undefined,
  };
}

function changeInLinear({ plan, family, position, at, rule }: Place, stage: LinearStage): FamilyChange | undefined {
  const programs = new Map<string, Program>();
  const options = { ...plan.options, keys: plan.keys, family, program: collect(family, programs) };
  const table = changeLinear(plan.tables[family], stage, at, rule, options);
  if (table === undefined) return undefined;
  const stages = plan.stages[family].with(position, { ...stage, rules: stage.rules.with(at, rule) });
  const backends = new Map([[rule, lowerStage({ ...stage, rules: [rule] }, options).backends[0] ?? 'none']]);
  return () => ({ ...unchanged(plan, family), table, stages, backends, programs });
}

function changeInMap({ plan, family, position, at, rule }: Place, stage: VerdictMapStage): FamilyChange | undefined {
  const table = plan.tables[family];
  const place = table.maps.findIndex(({ name }) => name === stage.name);
  const map = table.maps[place];
  if (map === undefined || !fitsIn(stage, rule, family)) return undefined;
  return indexes => {
    const index = indexes.get(stage.name) ?? mapIndex(stage.rules, family, map);
    indexes.set(stage.name, index);
    const changed = changeMap({ stage, map, family, keys: plan.keys }, index, at, rule);
    const { rules } = changed.stage;
    const turned = [...changed.turned].map(([at, reached]): [Rule, Backend] => {
      return [rules[at] as Rule, reached ? 'nft' : 'none'];
    });
    return {
      ...unchanged(plan, family),
      table: { ...table, maps: table.maps.with(place, changed.map) },
      stages: plan.stages[family].with(position, changed.stage),
      backends: new Map(turned),
    };
  };
}

/** The tables themselves are changed, so of two changes of one plan the second builds them anew. */
function changeInClassifier(
  { plan, family, position, at, rule }: Place,
  stage: ClassifierStage,
): FamilyChange | undefined {
  const planned = plan.classifiers[family];
  if (planned === undefined || planned.classifier.revision !== planned.classifier.tables.revision) return undefined;
  return () => {
    const change = changeClassifier(planned.classifier, at, rule);
    if (change === undefined) return undefined;
    const { classifier } = change;
    return {
      ...unchanged(plan, family),
      stages: plan.stages[family].with(position, { ...stage, rules: stage.rules.with(at, rule) }),
      classifier: { ...planned, classifier, change: { ...change, before: planned.classifier } },
    };
  };
}
