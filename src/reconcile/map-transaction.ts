// The elements of a table's verdict maps, as operations. A packet meets the rules of the chain as they were when it came,
// but elements as they are when it looks them up. So of the elements that go, those whose packets the new policy drops or
// passes in another place stay a moment longer, for a batch of their own: a packet that began before the commit has not
// met that other place. While they stay, a packet is judged as by the old policy or as by the new one; what a process that
// was killed in between left behind goes with the next apply.

import { parseRuleComment } from '../backend/nft/rule-comment';
import type { BatchOperation } from '../netlink/nftables/batch-operation';
import type { Elements, SetElement } from '../netlink/nftables/element';
import { commentOf } from './description';
import { changeElements, type ElementChange, keyOf, verdictOf } from './element-change';

export interface Transaction {
  /** With it the new policy is in force. Empty where it is already. */
  readonly operations: readonly BatchOperation[];
  /** What judges no packet of the new policy, for a batch of its own. */
  readonly afterwards: readonly BatchOperation[];
}

/** Of all rules of a policy. */
export type Refs = Pick<ReadonlySet<string>, 'has'>;

export interface MapChange extends ElementChange {
  readonly map: Elements;
  /** Whether the map is to have elements of the rule, besides those added. */
  readonly has: (ref: string) => boolean;
}

/** What else of the table changes in the same transaction. */
export interface Around {
  /** Rules come into chains, or maps into the table. */
  readonly adds: boolean;
  /** A rule that lets packets pass goes. */
  readonly deletesSkip: boolean;
}

export function changeMap(wanted: Elements, actual: readonly SetElement[], has: MapChange['has']): MapChange {
  return { map: wanted, has, ...changeElements(wanted.elements, actual) };
}

export function changeMaps(changes: readonly MapChange[], around: Around, refs: Refs): Transaction {
  const deletesSkip = around.deletesSkip || changes.some(({ deleted }) => deleted.some(isSkip));
  const parts = changes.map(change => {
    const addsElsewhere = around.adds || changes.some(other => other !== change && other.added.length > 0);
    const stays = staysFor(change, refs);
    const lingers = (element: SetElement) => {
      const stay = stays(element);
      return stay === 'moved' || (stay === 'removed' && addsElsewhere && !deletesSkip);
    };
    return { ...change, lingering: new Set(change.deleted.filter(lingers)) };
  });
  return {
    operations: parts.flatMap(({ map, deleted, added, lingering }) => [
      ...deleteElements(
        map,
        deleted.filter(element => !lingering.has(element)),
      ),
      ...addElements(map, added),
    ]),
    afterwards: parts.flatMap(({ map, lingering }) => deleteElements(map, [...lingering])),
  };
}

/**
 * `moved`: the rule stands elsewhere now. `removed`: it is gone, but another may drop the same packets in another place.
 * undefined: what judges its packets now is in the same map.
 */
function staysFor({ added, has }: MapChange, refs: Refs): (element: SetElement) => 'moved' | 'removed' | undefined {
  const [taken, here] = [new Set(added.map(keyOf)), new Set(added.map(refOf))];
  return element => {
    const ref = refOf(element);
    if (ref === undefined || taken.has(keyOf(element))) return undefined;
    if (refs.has(ref)) return here.has(ref) || has(ref) ? undefined : 'moved';
    return isSkip(element) ? undefined : 'removed';
  };
}

function isSkip(element: SetElement): boolean {
  return verdictOf(element) === 'accept';
}

export function refOf(element: SetElement): string | undefined {
  return parseRuleComment(commentOf(element) ?? '')?.ref;
}

/** By their keys alone. */
function deleteElements(map: Elements, elements: readonly SetElement[]): BatchOperation[] {
  if (elements.length === 0) return [];
  const keys = elements.map(({ key }) => (key === undefined ? {} : { key }));
  return [{ operation: 'delete', object: { ...map, elements: keys } }];
}

function addElements(map: Elements, elements: readonly SetElement[]): BatchOperation[] {
  return elements.length === 0 ? [] : [{ operation: 'add', object: { ...map, elements } }];
}
