// From one plan to the next without asking the kernel: where only elements of verdict maps differ, they and the version
// are all there is to send. What plans share is compared by identity, so that a changed rule costs what it changes.

import { isDeepStrictEqual } from 'node:util';
import { POLICY_CHAIN } from '../backend/nft/policy-comment';
import { parseRuleComment } from '../backend/nft/rule-comment';
import type { MapElement, NftChain, NftTable, NftVerdictMap } from '../backend/nft/table';
import type { BatchOperation } from '../netlink/nftables/batch-operation';
import { bothFamilies, FAMILIES } from '../packet/families';
import type { PacketFamily } from '../packet/packet';
import type { Plan } from '../plan';
import { isSame as isSameClassifier, wantedClassifier } from './classifier/wanted';
import { changeMap, changeMaps, type MapChange, type Transaction } from './map-transaction';
import { mapElements, tableSpec } from './table-spec';

export interface PlanChange extends Transaction {
  /** Of both tables. */
  readonly maps: readonly MapChange[];
  /** Classifiers have other rules, which their instances take over before the transaction. */
  readonly classifiers: boolean;
}

/** undefined where more differs; then what the kernel has must be read. */
export function changePlan(before: Plan, after: Plan): PlanChange | undefined {
  const ip = changedMaps(before.tables.ip, after.tables.ip);
  const ip6 = changedMaps(before.tables.ip6, after.tables.ip6);
  if (ip === undefined || ip6 === undefined) return undefined;
  const classifiers = FAMILIES.some(family => !hasSameClassifier(before, after, family));
  const maps = [...ip, ...ip6];
  const moving = bothFamilies(family => moveElements(family === 'ip' ? ip : ip6, after));
  const elements = [...moving.ip.operations, ...moving.ip6.operations];
  // What is to come at once must come in one way.
  if (classifiers && elements.length > 0) return undefined;
  return {
    operations: [
      ...elements,
      ...FAMILIES.flatMap(family => changedVersion(before.tables[family], after.tables[family])),
    ],
    afterwards: [...moving.ip.afterwards, ...moving.ip6.afterwards],
    maps,
    classifiers,
  };
}

function hasSameClassifier(before: Plan, after: Plan, family: PacketFamily): boolean {
  const [from, to] = [wantedClassifier(before, family), wantedClassifier(after, family)];
  return from === undefined || to === undefined ? from === to : isSameClassifier(from, to);
}

function moveElements(changes: readonly MapChange[], { keys }: Plan): Transaction {
  return changeMaps(changes, { adds: false, deletesSkip: false }, keys);
}

function changedMaps(before: NftTable, after: NftTable): readonly MapChange[] | undefined {
  if (before === after) return [];
  if (!areSame(before.sets, after.sets) || !haveSameChains(before, after)) return undefined;
  if (before.maps.length !== after.maps.length) return undefined;
  const changes: MapChange[] = [];
  for (const [position, map] of after.maps.entries()) {
    const earlier = before.maps[position];
    if (earlier === undefined || earlier.name !== map.name || !areSame(earlier.key, map.key)) return undefined;
    if (earlier.elements !== map.elements) changes.push(changedElements(after, earlier, map));
  }
  return changes;
}

function haveSameChains(before: NftTable, after: NftTable): boolean {
  const judging = ({ chains }: NftTable) => chains.filter(({ name }) => name !== POLICY_CHAIN);
  return before.chains === after.chains || areSame(judging(before), judging(after));
}

function areSame(before: readonly unknown[], after: readonly unknown[]): boolean {
  return (
    before === after ||
    (before.length === after.length &&
      before.every((each, position) => each === after[position] || isDeepStrictEqual(each, after[position])))
  );
}

function changedElements(table: NftTable, before: NftVerdictMap, after: NftVerdictMap): MapChange {
  const differing = after.change?.from === before.elements ? atSlots(after.change.slots) : inBetween(before, after);
  const part = (map: NftVerdictMap) => mapElements(table, { ...map, elements: differing(map.elements) });
  const has = (ref: string) => after.elements.some(({ comment }) => parseRuleComment(comment)?.ref === ref);
  return changeMap(part(after), part(before).elements, has);
}

type Part = (elements: readonly MapElement[]) => MapElement[];

/** What changeRule() has exchanged. */
function atSlots(slots: readonly number[]): Part {
  const once = [...new Set(slots)];
  return elements => once.flatMap(slot => elements[slot] ?? []);
}

/** Without what both have at the front and at the end. */
function inBetween(before: NftVerdictMap, after: NftVerdictMap): Part {
  const first = differsFirst(before.elements, after.elements);
  const last = differsLast(before.elements, after.elements, first);
  return elements => elements.slice(first, elements.length - last);
}

/** Elements that both have at the front. Nearly all are the same objects. */
function differsFirst(before: readonly MapElement[], after: readonly MapElement[]): number {
  const most = Math.min(before.length, after.length);
  let same = 0;
  while (same < most && (before[same] === after[same] || isSame(before[same], after[same]))) same++;
  return same;
}

/** Elements that both have at the end, not counting `first` at the front. */
function differsLast(before: readonly MapElement[], after: readonly MapElement[], first: number): number {
  const most = Math.min(before.length, after.length) - first;
  let [left, right] = [before.length - 1, after.length - 1];
  const end = left - most;
  while (left > end && (before[left] === after[right] || isSame(before[left], after[right]))) {
    left--;
    right--;
  }
  return before.length - 1 - left;
}

function isSame(a: MapElement | undefined, b: MapElement | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const saysTheSame = a.comment === b.comment && a.verdict === b.verdict && a.digest === b.digest;
  return saysTheSame && Buffer.compare(a.key, b.key) === 0;
}

/** The chain with the version is exchanged: user data of a chain cannot be changed. */
function changedVersion(before: NftTable, after: NftTable): BatchOperation[] {
  const [old, wanted] = [policyChain(before), policyChain(after)];
  if (wanted === undefined || old?.comment === wanted.comment) return [];
  const [chain] = tableSpec({ ...after, sets: [], maps: [], chains: [wanted] }).chains;
  if (chain === undefined) return [];
  const { kind, family, table, name } = chain;
  return [
    { operation: 'delete', object: { kind, family, table, name } },
    { operation: 'create', object: chain },
  ];
}

function policyChain({ chains }: NftTable): NftChain | undefined {
  return chains.findLast(({ name }) => name === POLICY_CHAIN);
}
