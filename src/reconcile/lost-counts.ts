// Counts of objects that a transaction deletes although their rules stay: what the rules have to be given back elsewhere.

import { parseRuleComment } from '../backend/nft/rule-comment';
import type { BatchOperation } from '../netlink/nftables/batch-operation';
import type { SetElement } from '../netlink/nftables/element';
import { NFT_REG_VERDICT } from '../netlink/nftables/expression/register';
import type { LastCount } from '../netlink/nftables/last-count';
import type { ActualTable } from './actual';
import { commentOf, digestOf } from './description';
import type { Count } from './earlier-counts';
import { keyOf } from './element-change';
import type { Transaction } from './map-transaction';
import { once } from './once';
import type { Digests } from './staying';

export interface Lost extends Count {
  /** The rule's. */
  readonly digest: string;
  readonly ref: string;
  /** Of the object, among all of the table. */
  readonly object: string;
}

export interface Losing {
  /** With an echo for what is lost. */
  readonly operations: readonly BatchOperation[];
  readonly afterwards: readonly BatchOperation[];
  /** Not counted any more with `operations`, and with `afterwards`. */
  readonly lost: readonly Lost[];
  readonly lostAfterwards: readonly Lost[];
}

/** Counts as `actual` has them. */
export function lostOf({ operations, afterwards }: Transaction, actual: ActualTable, staying: Digests): Losing {
  const objects = objectsOf(actual);
  const deletions = (batch: readonly BatchOperation[]) => batch.map(each => deletionOf(each, objects, staying));
  const [during, behind] = [deletions(operations), deletions(afterwards)];
  // A map that goes behind is not looked into any more by then, so what it has counted is not counted any more either.
  const late = behind.filter(({ operation: { object } }) => object.kind === 'elements');
  return {
    operations: during.flatMap(({ told }) => told),
    afterwards: behind.flatMap(({ told }) => told),
    lost: [...during, ...behind.filter(each => !late.includes(each))].flatMap(({ lost }) => lost),
    lostAfterwards: late.flatMap(({ lost }) => lost),
  };
}

export function objectOf(last: LastCount): string {
  return last.kind === 'rule' ? ruleId(last.handle) : elementId(last.set, last);
}

function ruleId(handle: bigint): string {
  return `rule ${handle}`;
}

export function elementId(set: string, element: Pick<SetElement, 'key'>): string {
  return `element ${set} ${keyOf(element)}`;
}

/** One or none: of an object that counts for a rule that stays. */
export function lostCount({ object, counted }: CountedObject, staying: Digests): Lost[] {
  const digest = digestOf(counted);
  const ref = parseRuleComment(commentOf(counted) ?? '')?.ref;
  const counter = counted.expressions?.find(each => each.kind === 'counter');
  if (digest === undefined || ref === undefined || counter === undefined || !staying.has(digest)) return [];
  return [{ digest, ref, object, packets: counter.packets ?? 0n, bytes: counter.bytes ?? 0n }];
}

/** An nft rule, or an element of a map. */
export interface CountedObject {
  readonly object: string;
  readonly counted: Pick<SetElement, 'userdata' | 'comment' | 'tag' | 'expressions'>;
}

interface Deletion {
  readonly operation: BatchOperation;
  /** What is to be sent for it. */
  readonly told: readonly BatchOperation[];
  readonly lost: readonly Lost[];
}

function deletionOf(operation: BatchOperation, objects: Objects, staying: Digests): Deletion {
  const deleted = deletedBy(operation, objects);
  const lost = deleted.flatMap(each => lostCount(each, staying));
  if (lost.length === 0) return { operation, told: [operation], lost };
  const { object } = operation;
  const echo = deleted.length;
  if (operation.operation === 'flush' || object.kind !== 'set') {
    return { operation, told: [{ ...operation, echo }], lost };
  }
  // Of the elements that go with their map the kernel tells nothing; so they go before it.
  const { kind, family, table, name } = object;
  const flush = { operation: 'flush', object: { kind, family, table, name }, echo } as const;
  return { operation, told: [flush, operation], lost };
}

/** A rule that is deleted by its handle is not in a chain that is flushed, nor an element in a map that goes. */
function deletedBy({ operation, object }: BatchOperation, objects: Objects): readonly CountedObject[] {
  if (operation === 'flush' && object.kind === 'chain') return objects.inChain().get(object.name) ?? [];
  if (operation === 'flush' && object.kind === 'set') return objects.inMap().get(object.name) ?? [];
  if (operation !== 'delete') return [];
  switch (object.kind) {
    case 'rule':
      return objects.rules().get(ruleId(object.handle as bigint)) ?? [];
    case 'elements':
      return object.elements.flatMap(element => objects.elements().get(elementId(object.set, element)) ?? []);
    case 'set':
      return objects.inMap().get(object.name) ?? [];
    default:
      return [];
  }
}

type CountedObjects = ReadonlyMap<string, readonly CountedObject[]>;

/** Made when they are first asked for: mostly nothing is deleted that counts. */
interface Objects {
  readonly rules: () => CountedObjects;
  readonly elements: () => CountedObjects;
  readonly inChain: () => CountedObjects;
  readonly inMap: () => CountedObjects;
}

function objectsOf(actual: ActualTable): Objects {
  const counting = countingMaps(actual);
  const maps = actual.maps.filter(({ name }) => counting.has(name));
  const inMap = once(() => {
    return new Map(
      maps.map(({ name, elements }) => {
        return [name, elements.map(counted => ({ object: elementId(name, counted), counted }))] as const;
      }),
    );
  });
  const inChain = once(() => {
    const chains = new Map<string, CountedObject[]>();
    for (const rule of actual.rules) {
      const object = { object: ruleId(rule.handle), counted: rule };
      const chain = chains.get(rule.chain);
      if (chain === undefined) chains.set(rule.chain, [object]);
      else chain.push(object);
    }
    return chains;
  });
  const byId = (groups: () => CountedObjects) =>
    once(() => new Map([...groups().values()].flat().map(each => [each.object, [each]])));
  return { rules: byId(inChain), elements: byId(inMap), inChain, inMap };
}

/** Maps that rules look into; what another one has counted has been given back already. */
export function countingMaps({ rules }: Pick<ActualTable, 'rules'>): ReadonlySet<string> {
  const lookUps = rules.flatMap(({ expressions }) =>
    expressions.flatMap(each => (each.kind === 'lookup' ? [each] : [])),
  );
  return new Set(lookUps.filter(({ destination }) => destination === NFT_REG_VERDICT).map(({ set }) => set));
}
