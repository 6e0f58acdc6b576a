// An instance from one set of rules to the next while packets pass: the slot of tables that is not in use is written, then
// the sequence. A packet is judged by the one or by the other, and its rule counts in both.

import { logs } from '../../backend/nft/rule';
import { writeChanges, writeSlot } from '../../classifier/write';
import type { Rule } from '../../ir/ruleset';
import { FAMILIES } from '../../packet/families';
import type { Plan, PlannedClassifier } from '../../plan';
import type { CountOf } from './counter-values';
import type { InstalledClassifiers } from './install';
import { type Instance, type InstanceState, startOf, writeSequence } from './instance';
import { assignSlots, type SlotAssignment } from './slots';
import { countedRule, countedRules, isSame, isUsedUp, type WantedClassifier, wantedClassifier } from './wanted';

/** Puts things back as they were before a flip, for when what belongs to it could not be done. */
export type Undo = () => void;

/**
 * The instances in force, all of them made here, judge by the plan's classifiers then. undefined, and nothing has changed,
 * where one of them cannot.
 */
export async function flipInstalled(installed: InstalledClassifiers, plan: Plan): Promise<Undo | undefined> {
  const undos: Undo[] = [];
  const undo = () => {
    for (const each of undos) each();
  };
  for (const family of FAMILIES) {
    const [instance, wanted] = [installed[family]?.made, wantedClassifier(plan, family)];
    if (installed[family] === undefined && wanted === undefined) continue;
    const undone = instance && wanted && (await flipUnlessSame(instance, wanted));
    if (undone === undefined) {
      undo();
      return undefined;
    }
    undos.push(undone);
  }
  return undo;
}

async function flipUnlessSame(instance: Instance, wanted: WantedClassifier): Promise<Undo | undefined> {
  return isSame(instance.state.wanted, wanted) ? () => undefined : flip(instance, wanted);
}

/**
 * undefined where it cannot be done; then nothing has changed, and another instance is needed: for another program, for
 * other logging rules, which nft's rules name, or for more rules than there are counters left.
 */
export async function flip(instance: Instance, wanted: WantedClassifier): Promise<Undo | undefined> {
  const { state } = instance;
  const changed = changedPositions(state.wanted, wanted);
  if (!isReachable(state.wanted, wanted, changed)) return undefined;
  const assignment = changed === undefined ? assignAll(instance, wanted) : assignChanged(instance, changed);
  if (assignment === undefined) return undefined;
  const sequence = state.sequence + 1;
  record(instance, wanted, assignment, await startOf(instance.maps.counters, assignment), sequence);
  writeTables(instance, wanted, assignment.slots);
  writeSequence(instance.maps.control, sequence);
  instance.pool.end(assignment.ended, sequence);
  const { change } = wanted.planned;
  const lastChange = change?.before === state.wanted.planned.classifier ? change : undefined;
  instance.state = { wanted, sequence, slots: assignment.slots, lastChange };
  return () => flipBack(instance, state, assignment);
}

/** To the slot that the flip left, which still has its tables; rules that had gone have kept their counters. */
function flipBack(instance: Instance, before: InstanceState, { slots, fresh, kept, ended }: SlotAssignment): void {
  const { records, pool } = instance;
  const sequence = instance.state.sequence + 1;
  const gone = fresh.map(position => slots[position] as number);
  for (const slot of ended) records.end(slot, 0);
  for (const slot of gone) records.end(slot, sequence);
  for (const { slot, comment } of kept.values()) records.writeComment(slot, comment);
  writeSequence(instance.maps.control, sequence);
  pool.keep(ended);
  pool.end(gone, sequence);
  instance.state = { wanted: before.wanted, sequence, slots: before.slots, lastChange: undefined };
}

/** So that the next flip has to write only what it changes: the slot not in use gets what is in use. */
export function prepareFlip(instance: Instance): void {
  const { wanted, sequence, slots, lastChange } = instance.state;
  if (lastChange !== undefined || isUsedUp(wanted.planned.classifier)) return;
  writeSlot(wanted.planned.classifier, notInUse(instance), slots);
  instance.state = { wanted, sequence, slots, lastChange: NO_CHANGE };
}

const NO_CHANGE: NonNullable<InstanceState['lastChange']> = {
  ranges: new Uint32Array(),
  entries: { first: 0, count: 0 },
};

/**
 * Where the same number of rules stands but for one at the most, as when one has been replaced; undefined where more
 * differ: then a rule may only have moved.
 */
function changedPositions(from: WantedClassifier, to: WantedClassifier): readonly number[] | undefined {
  if (from.rules.length !== to.rules.length || from.keys !== to.keys) return undefined;
  const changed: number[] = [];
  for (let position = 0; position < from.rules.length && changed.length <= 1; position++) {
    if (from.rules[position] !== to.rules[position]) changed.push(position);
  }
  return changed.length <= 1 ? changed : undefined;
}

function isReachable(from: WantedClassifier, to: WantedClassifier, changed: readonly number[] | undefined): boolean {
  const { program, classifier } = to.planned;
  if (from.planned.program.name !== program.name || isUsedUp(classifier)) return false;
  const among = ({ rules }: WantedClassifier) => changed?.map(position => rules[position] as Rule) ?? rules;
  return loggingRefs(among(from)).join(' ') === loggingRefs(among(to)).join(' ');
}

function loggingRefs(rules: readonly Rule[]): string[] {
  return rules.filter(logs).map(({ ref }) => ref);
}

function assignChanged({ state, pool }: Instance, changed: readonly number[]): SlotAssignment | undefined {
  const taken = pool.take(changed.length, state.sequence);
  if (taken === undefined) return undefined;
  const slots = state.slots.slice();
  for (const [each, position] of changed.entries()) slots[position] = taken[each] as number;
  return { slots, fresh: changed, kept: new Map(), ended: changed.map(position => state.slots[position] as number) };
}

function assignAll({ state, pool, records }: Instance, wanted: WantedClassifier): SlotAssignment | undefined {
  const current = records.valid(state.sequence);
  return assignSlots(countedRules(wanted), current, count => pool.take(count, state.sequence));
}

/** Valid from the flip on. */
function record(
  { records }: Instance,
  { rules, keys }: WantedClassifier,
  { slots, fresh, kept, ended }: SlotAssignment,
  start: CountOf,
  sequence: number,
): void {
  for (const position of fresh) {
    const slot = slots[position] as number;
    records.write(slot, { ...countedRule(rules[position] as Rule, keys), ...start(slot) }, sequence);
  }
  for (const [position, { slot, comment }] of kept) {
    const next = countedRule(rules[position] as Rule, keys).comment;
    if (next !== comment) records.writeComment(slot, next);
  }
  for (const slot of ended) records.end(slot, sequence);
}

function writeTables(instance: Instance, { planned }: WantedClassifier, slots: Uint32Array): void {
  const changes = changesSince(instance.state, planned);
  if (changes === undefined) writeSlot(planned.classifier, notInUse(instance), slots);
  else writeChanges(planned.classifier, notInUse(instance), slots, changes);
}

/** Since what the slot not in use holds: it is two versions old. */
function changesSince({ wanted, lastChange }: InstanceState, { change }: PlannedClassifier) {
  const known = lastChange !== undefined && change !== undefined && change.before === wanted.planned.classifier;
  return known ? [lastChange, change] : undefined;
}

function notInUse({ tables, state }: Instance): Uint8Array {
  return tables[state.sequence % 2 === 0 ? 1 : 0];
}
