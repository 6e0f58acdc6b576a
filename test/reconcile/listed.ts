// A table as the kernel lists it once it has been made: the plan's objects with handles and numbers of users.

import type { ActualTable } from '../../src/reconcile/actual';
import type { TableSpec } from '../../src/reconcile/table-spec';

export function listed({ table, chains, rules, sets, maps, classified }: TableSpec): ActualTable {
  return {
    table: { ...table, handle: 1n, use: chains.length },
    policy: undefined,
    chains: chains.map(chain => ({ ...chain, handle: 1n, use: 0, flags: [] })),
    rules: rules.map((rule, position) => ({ ...rule, handle: BigInt(position + 1) })),
    sets: sets.map(({ set, elements }) => ({ ...set, handle: 1n, elements: elements.elements })),
    classified,
    earlier: undefined,
    maps: maps.map(({ set, elements }) => ({ ...set, handle: 1n, elements: elements.elements })),
  };
}
