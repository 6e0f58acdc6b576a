// A rule of a verdict map that has become another: its elements go or change, those of rules behind it may come, and new
// ones are put where others went, so that the elements of all other rules stay where they are.

import type { MapElement, NftVerdictMap } from '../backend/nft/table';
import { elementKeys, elementOf, keyText } from '../backend/nft/verdict-map';
import { test } from '../ir/formula';
import type { Rule } from '../ir/ruleset';
import { EMPTY } from '../net/interval-set';
import type { PacketFamily } from '../packet/packet';
import { elementsIn } from '../stage/exact-rule';
import type { VerdictMapStage } from '../stage/stage';
import type { Claim, MapIndex } from './map-index';

export interface MapInForce {
  readonly stage: VerdictMapStage;
  readonly map: NftVerdictMap;
  readonly family: PacketFamily;
  /** Order keys. */
  readonly keys: ReadonlyMap<string, string>;
}

export interface ChangedMap {
  readonly stage: VerdictMapStage;
  readonly map: NftVerdictMap;
  /** Rules that have elements now and had none, or the other way round, by their positions in the stage. */
  readonly turned: ReadonlyMap<number, boolean>;
}

export function fitsIn({ guards, key }: VerdictMapStage, rule: Rule, family: PacketFamily): boolean {
  const asked = key.map(load => ({ test: test(load, EMPTY), exact: true }));
  return elementsIn([...guards.map(guard => ({ test: guard, exact: false })), ...asked], rule, family) !== undefined;
}

/** `index` is brought up to date; `at` is the rule's position in the stage. */
export function changeMap(
  { stage, map, family, keys }: MapInForce,
  index: MapIndex,
  at: number,
  rule: Rule,
): ChangedMap {
  const rules = stage.rules.with(at, rule);
  const before = byText(elementKeys(map.key, stage.rules[at] as Rule, family));
  const after = byText(elementKeys(map.key, rule, family));
  const draft: Draft = { rules, elements: map.elements.slice(), free: [], touched: [], had: new Map(), index, keys };
  for (const [text, key] of before) if (!after.has(text)) withdraw(draft, at, text, key);
  for (const [text, key] of after) {
    if (before.has(text)) renew(draft, at, text, key);
    else claim(draft, at, text, key);
  }
  fillGaps(draft);
  return {
    stage: { ...stage, rules },
    map: { ...map, elements: draft.elements, change: { from: map.elements, slots: draft.touched } },
    turned: turnedOf(draft),
  };
}

interface Draft {
  readonly rules: readonly Rule[];
  readonly elements: MapElement[];
  /** Places of elements that are gone. */
  readonly free: number[];
  /** Places where something else stands now, or nothing. */
  readonly touched: number[];
  /** Whether a rule had elements before. */
  readonly had: Map<number, boolean>;
  readonly index: MapIndex;
  readonly keys: ReadonlyMap<string, string>;
}

function byText(keys: readonly Uint8Array[]): ReadonlyMap<string, Uint8Array> {
  return new Map(keys.map(key => [keyText(key), key]));
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
    draft.touched.push(claim.slot);
    claims.delete(text);
  } else {
    count(draft, heir, 1);
    put(draft, claim.slot, elementOf(draft.rules[heir] as Rule, key, draft.keys));
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
  put(draft, claim.slot, elementOf(draft.rules[at] as Rule, key, draft.keys));
}

function put({ elements, touched }: Draft, slot: number, element: MapElement): void {
  elements[slot] = element;
  touched.push(slot);
}

/** Its key is as before, perhaps not what it says. */
function renew(draft: Draft, at: number, text: string, key: Uint8Array): void {
  const { elements, rules, index, keys } = draft;
  const { slot, rules: claiming } = index.claims.get(text) as Claim;
  if (claiming[0] !== at) return;
  const element = elementOf(rules[at] as Rule, key, keys);
  const { verdict, comment, digest } = elements[slot] as MapElement;
  const isSame = verdict === element.verdict && comment === element.comment && digest === element.digest;
  if (!isSame) put(draft, slot, element);
}

/** Elements from the end go where others were. */
function fillGaps(draft: Draft): void {
  const { elements, free, touched, index } = draft;
  for (const slot of free.sort((a, b) => b - a)) {
    const last = elements.pop() as MapElement;
    if (slot === elements.length) continue;
    touched.push(elements.length);
    put(draft, slot, last);
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
