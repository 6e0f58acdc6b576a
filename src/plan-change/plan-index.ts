// What is known beside a plan so that a rule of it can change quickly: who asks for which key of a map, and hashes that
// its version is made of. The newest plan of a row of changes has it, and gives it to the next.

import { versionedOptions } from '../compile-plan';
import type { Plan } from '../plan';
import { type PlanVersion, planVersion } from '../plan-version';
import type { MapIndex } from './map-index';

export interface PlanIndex {
  readonly version: PlanVersion;
  /** By name, in each family. */
  readonly maps: { readonly ip: MapIndexes; readonly ip6: MapIndexes };
}

/** Filled as maps are changed. */
export type MapIndexes = Map<string, MapIndex>;

const INDEXES = new WeakMap<Plan, PlanIndex>();

/** The plan does not have it afterwards. */
export function takeIndex(plan: Plan): PlanIndex {
  const index = INDEXES.get(plan);
  INDEXES.delete(plan);
  if (index !== undefined) return index;
  const version = planVersion(plan.ruleset.rules, versionedOptions(plan.options));
  return { version, maps: { ip: new Map(), ip6: new Map() } };
}

export function keepIndex(plan: Plan, index: PlanIndex): void {
  INDEXES.set(plan, index);
}
