// The counts of rules that stay while elements of theirs go, where the kernel has not been read: those elements alone are
// asked for.

import { digest } from '../ir/rule-digest';
import type { Connection } from '../netlink/connection';
import type { BatchOperation } from '../netlink/nftables/batch-operation';
import { decodeElements, getElements, type SetElement } from '../netlink/nftables/element';
import { bothFamilies } from '../packet/families';
import type { PacketFamily } from '../packet/packet';
import type { Plan } from '../plan';
import type { InBothFamilies } from './actual';
import { type Carried, carriedCounts, changeDuring } from './carried-counts';
import { digestOf } from './description';
import type { EarlierCounts } from './earlier-counts';
import { goneRules } from './gone-rules';
import type { PlanChange } from './incremental';
import { elementId, type Lost, lostCount } from './lost-counts';
import type { MapChange, Transaction } from './map-transaction';
import { once } from './once';
import type { Staying } from './staying';

export interface CarryingChange extends Transaction {
  readonly carried: Readonly<Record<PacketFamily, Carried>>;
}

/** Rejects with ENOENT where the kernel does not have an element that it should. */
export async function carryIncrementally(
  connection: Connection,
  change: PlanChange,
  before: { readonly plan: Plan; readonly earlier: InBothFamilies<EarlierCounts> },
  after: Plan,
): Promise<CarryingChange> {
  const staying = stayingIn(before.plan, after);
  const lost = new Map<MapChange, readonly Lost[]>();
  for (const map of change.maps) {
    const going = map.deleted.filter(element => staying.has(digestOf(element) ?? ''));
    if (going.length > 0) lost.set(map, await readLost(connection, map, going, staying));
  }
  const late = new Set(change.afterwards.flatMap(deletedKeys));
  const carried = bothFamilies(family => {
    const all = [...lost].filter(([{ map }]) => map.family === family).flatMap(([, each]) => each);
    const isLate = ({ object }: Lost) => late.has(object);
    const { name } = after.tables[family];
    const parts = { lost: all.filter(each => !isLate(each)), lostAfterwards: all.filter(isLate) };
    return carriedCounts(name, before.earlier[family], parts, staying);
  });
  const sets = new Set([...lost.keys()].map(({ map: { family, set } }) => `${family} ${set}`));
  const echoed = (operation: BatchOperation) => withEcho(operation, sets);
  return {
    operations: [
      ...change.operations.map(echoed),
      ...changeDuring('ip', carried.ip),
      ...changeDuring('ip6', carried.ip6),
    ],
    afterwards: change.afterwards.map(echoed),
    carried,
  };
}

/** Nothing has been kept where the kernel is not read. Made only where something goes. */
function stayingIn(before: Plan, after: Plan): Staying {
  const gone = once(() => new Set(goneRules(before, after).map(digest)));
  return { has: each => !gone().has(each), isKept: () => false, takesKept: false };
}

async function readLost(
  connection: Connection,
  { map }: MapChange,
  going: readonly SetElement[],
  staying: Staying,
): Promise<readonly Lost[]> {
  const lost: Lost[] = [];
  for (let from = 0; from < going.length; from += MOST_AT_ONCE) {
    const keys = going.slice(from, from + MOST_AT_ONCE).map(({ key }) => (key === undefined ? {} : { key }));
    const answers = await connection.request(getElements({ ...map, elements: keys }));
    for (const counted of answers.flatMap(message => decodeElements(message).elements)) {
      lost.push(...lostCount({ object: elementId(map.set, counted), counted }, staying));
    }
  }
  return lost;
}

/** The answers must find room in the socket's buffer. */
const MOST_AT_ONCE = 100;

function deletedKeys({ operation, object }: BatchOperation): string[] {
  if (operation !== 'delete' || object.kind !== 'elements') return [];
  return object.elements.map(element => elementId(object.set, element));
}

function withEcho(operation: BatchOperation, sets: ReadonlySet<string>): BatchOperation {
  const { object } = operation;
  if (operation.operation !== 'delete' || object.kind !== 'elements') return operation;
  if (!sets.has(`${object.family} ${object.set}`)) return operation;
  return { ...operation, operation: 'delete', object, echo: object.elements.length };
}
