// What a plan changes in both tables, as operations for a kernel that knows tables which belong to a socket and for one
// that does not, and as a difference for people. Pure.

import type { BatchOperation } from '../netlink/nftables/batch-operation';
import type { PacketFamily } from '../packet/packet';
import type { Plan } from '../plan';
import type { Actual } from './actual';
import { allNew, type Difference, difference, hasRules } from './difference';
import type { Refs, Transaction } from './map-transaction';
import { once } from './once';
import type { TableSpec } from './table-spec';
import { addIntervalSets, changeTable, type Ownership } from './transaction';

export type Specs = Readonly<Record<PacketFamily, TableSpec>>;
export type Operations = (ownership: Ownership) => readonly BatchOperation[];

export interface PolicyChange {
  readonly operations: Operations;
  readonly afterwards: Operations;
}

/** Of both families. Nearly all kernels know tables that belong to a socket. */
export function changeTables({ ip, ip6 }: Specs, actual: Actual, refs: Refs): PolicyChange {
  const [owned, plain] = (['owner-persist', 'none'] as const).map(ownership =>
    once(() => [changeTable(ip, actual.ip, ownership, refs), changeTable(ip6, actual.ip6, ownership, refs)]),
  );
  const of = (part: keyof Transaction): Operations => {
    return ownership => (ownership === 'none' ? plain : owned)?.().flatMap(transaction => transaction[part]) ?? [];
  };
  return { operations: of('operations'), afterwards: of('afterwards') };
}

export function differenceOf(
  specs: Specs,
  actual: Actual,
  { operations, afterwards }: PolicyChange,
  { ruleset }: Plan,
): Difference {
  const none = !hasOperations(operations) && !hasOperations(afterwards);
  if (!hasRules(actual.ip) && !hasRules(actual.ip6)) return allNew(ruleset.rules, none);
  return difference(specs, actual, none);
}

export function intervalSets({ ip, ip6 }: Specs, actual: Actual): Operations {
  return ownership => [...addIntervalSets(ip, actual.ip, ownership), ...addIntervalSets(ip6, actual.ip6, ownership)];
}

export function hasOperations(operations: Operations): boolean {
  return operations('owner-persist').length > 0;
}
