// A rule of a verdict map that has become another: its elements go or change, those of rules behind it may come, and new
// ones are put where others went, so that the elements of all other rules stay where they are.

import type { MapElement, NftVerdictMap } from '../backend/nft/table';
import { elementKey, elementOf, keyText } from '../backend/nft/verdict-map';
import type { Test } from '../ir/formula';
import type { Rule } from '../ir/ruleset';
import type { PacketFamily } from '../packet/packet';
import { combinations, rowOf } from '../stage/exact-rule';
import type { MapEntry, VerdictMapStage } from '../stage/stage';
import type { Claim, MapIndex } from './map-index';
import { firstAtLeast } from './position';

export interface ChangedMap {
  readonly stage: VerdictMapStage;
  readonly map: NftVerdictMap;
  /** Rules that have elements now and had none, or the other way round, by their positions in the stage. */
  readonly turned: ReadonlyMap<number, boolean>;
}

/** The rule's combinations of values; undefined where it does not fit into the map. */
export function entriesFor(stage: VerdictMapStage, rule: Rule, family: PacketFamily): readonly MapEntry[] | undefined {
  const guards = stage.guards.map(test => ({ test, exact: false }));
  const key = stage.key.map(load => ({
    test: { kind: 'test', load, mask: undefined, values: [] } as Test,
    exact: true,
  }));
  const row = rowOf([...guards, ...key], rule, family);
  return row && combinations(row.slice(guards.length)).map(values => ({ rule, values }));
}

/** `index` is brought up to date; `at` is the rule's position in the stage. */
export function changeMap(
  { stage, map }: Pick<ChangedMap, 'stage' | 'map'>,
  index: MapIndex,
  at: number,
  entries: readonly MapEntry[],
  keys: ReadonlyMap<string, string>,
): ChangedMap {
  const { rule } = entries[0] as MapEntry;
  const rules = stage.rules.with(at, rule);
  const [first, count] = entriesOf(stage.entries, rule);
  const before = keysOf(stage.entries.slice(first, first + count), map);
  const after = keysOf(entries, map);
  const draft: Draft = { rules, elements: [...map.elements], free: [], had: new Map(), index, keys };
  for (const [text, key] of before) if (!after.has(text)) withdraw(draft, at, text, key);
  for (const [text, key] of after) {
    if (before.has(text)) renew(draft, at, text, key);
    else claim(draft, at, text, key);
  }
  fillGaps(draft);
  return {
    stage: { ...stage, rules, entries: stage.entries.toSpliced(first, count, ...entries) },
    map: { ...map, elements: draft.elements },
    turned: turnedOf(draft),
  };
}

interface Draft {
  readonly rules: readonly Rule[];
  readonly elements: MapElement[];
  /** Places of elements that are gone. */
  readonly free: number[];
  /** Whether a rule had elements before. */
  readonly had: Map<number, boolean>;
  readonly index: MapIndex;
  readonly keys: ReadonlyMap<string, string>;
}

/** Entries of a rule are neighbours. */
function entriesOf(entries: readonly MapEntry[], { index }: Rule): readonly [first: number, count: number] {
  const first = firstAtLeast(entries.length, at => (entries[at] as MapEntry).rule.index, index);
  let end = first;
  while (entries[end]?.rule.index === index) end++;
  return [first, end - first];
}

function keysOf(entries: readonly MapEntry[], { key }: NftVerdictMap): ReadonlyMap<string, Uint8Array> {
  return new Map(
    entries.map(({ values }) => {
      const bytes = elementKey(key, values);
      return [keyText(bytes), bytes];
    }),
  );
}

/** The next rule that asks for the key gets its element. */
function withdraw(draft: Draft, at: number, text: string, key: Uint8Array): void {
  const { claims } = draft.index;
  const claim = claims.get(text) as Claim;
  const [owner] = claim.rules;
  claim.rules.splice(claim.rules.indexOf(at), 1);
  if (owner !== at) return;
  count(draft, at, -1);
  const [heir] = claim.rules;
  if (heir === undefined) {
    draft.free.push(claim.slot);
    claims.delete(text);
  } else {
    count(draft, heir, 1);
    draft.elements[claim.slot] = elementOf(draft.rules[heir] as Rule, key, draft.keys);
  }
}

/** A rule that stands before the one that has the element takes it. */
function claim(draft: Draft, at: number, text: string, key: Uint8Array): void {
  const { claims } = draft.index;
  const claim = claims.get(text) ?? { slot: draft.free.shift() ?? draft.elements.length, rules: [] };
  claims.set(text, claim);
  const [owner] = claim.rules;
  claim.rules.push(at);
  claim.rules.sort((a, b) => a - b);
  if (claim.rules[0] !== at) return;
  if (owner !== undefined) count(draft, owner, -1);
  count(draft, at, 1);
  draft.elements[claim.slot] = elementOf(draft.rules[at] as Rule, key, draft.keys);
}

/** Its key is as before, perhaps not what it says. */
function renew({ elements, rules, index, keys }: Draft, at: number, text: string, key: Uint8Array): void {
  const { slot, rules: claiming } = index.claims.get(text) as Claim;
  if (claiming[0] !== at) return;
  const element = elementOf(rules[at] as Rule, key, keys);
  const { verdict, comment } = elements[slot] as MapElement;
  if (verdict !== element.verdict || comment !== element.comment) elements[slot] = element;
}

/** Elements from the end go where others were. */
function fillGaps({ elements, free, index }: Draft): void {
  for (const slot of free.sort((a, b) => b - a)) {
    const last = elements.pop() as MapElement;
    if (slot === elements.length) continue;
    elements[slot] = last;
    (index.claims.get(keyText(last.key)) as Claim).slot = slot;
  }
}

function count({ index: { owned }, had }: Draft, position: number, change: 1 | -1): void {
  const elements = owned[position] as number;
  if (!had.has(position)) had.set(position, elements > 0);
  owned[position] = elements + change;
}

function turnedOf({ index: { owned }, had }: Draft): ReadonlyMap<number, boolean> {
  const now = [...had].map(([position, before]) => [position, before, (owned[position] as number) > 0] as const);
  return new Map(now.filter(([, before, after]) => before !== after).map(([position, , after]) => [position, after]));
}
