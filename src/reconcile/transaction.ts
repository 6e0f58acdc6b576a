// The batch that puts a plan's tables in the place of what the kernel has. The base chain stays and only its rules
// change: were it deleted and made anew, both hooks would be registered for a moment, the new one first, and a packet
// could pass the new one before the commit and the old one after it, judged by neither. Within one base chain a packet
// sees one generation of rules, and sets are never changed, only replaced under another name. Those of intervals come in
// a transaction before that of the rules which look into them.

import type { BatchOperation } from '../netlink/nftables/batch-operation';
import type { ChainReference } from '../netlink/nftables/chain';
import type { SetReference } from '../netlink/nftables/set';
import type { ActualTable } from './actual';
import { describeChain, describeSet } from './description';
import type { TableSpec } from './table-spec';

/** Whether the kernel (6.9) knows tables that belong to a socket and outlive it. */
export type Ownership = 'owner-persist' | 'none';

export function replaceTable(spec: TableSpec, actual: ActualTable | undefined, ownership: Ownership): BatchOperation[] {
  return actual === undefined ? createTable(spec, ownership) : [...wakeTable(actual), ...changeTable(spec, actual)];
}

/**
 * The sets of intervals that the table has not yet. The kernel gives packets an rbtree set's elements only after the
 * commit has made the new rules theirs (nft_rbtree_commit of Linux 6.18.y builds its array then): rules that come with
 * the set find it empty for a moment. Sets that no rule names judge no packet, so they can wait for their rules.
 */
export function addIntervalSets(
  spec: TableSpec,
  actual: ActualTable | undefined,
  ownership: Ownership,
): BatchOperation[] {
  const present = new Set(actual?.sets.map(({ name }) => name));
  const missing = spec.sets.filter(({ set }) => set.flags.includes('interval') && !present.has(set.name));
  if (missing.length === 0) return [];
  return [...(actual === undefined ? [createOwned(spec, ownership)] : []), ...missing.flatMap(addSet)];
}

/**
 * A table made with `persist` is nobody's once its socket is closed, and takes changes from anyone. It is not taken over
 * here: a batch that changes a table's flags may not add a base chain to it (EINVAL).
 */
function wakeTable({ table: { family, name, flags = [] } }: ActualTable): BatchOperation[] {
  return flags.includes('dormant') ? [{ operation: 'add', object: { kind: 'table', family, name } }] : [];
}

/** `nft add table …` and all that is in it. */
function createTable(spec: TableSpec, ownership: Ownership): BatchOperation[] {
  const { sets, chains, rules } = spec;
  return [
    createOwned(spec, ownership),
    ...sets.flatMap(addSet),
    ...chains.map(chain => ({ operation: 'add', object: chain }) as const),
    ...rules.map(addRule),
  ];
}

function createOwned({ table }: TableSpec, ownership: Ownership): BatchOperation {
  const flags = ownership === 'none' ? {} : ({ flags: ['owner', 'persist'] } as const);
  return { operation: 'create', object: { ...table, ...flags } };
}

/** `nft flush table`, then every chain and set goes that is not as wanted, then come the new ones. */
function changeTable({ table, sets, chains, rules }: TableSpec, actual: ActualTable): BatchOperation[] {
  const present = new Set([
    ...actual.chains.filter(({ base }) => base !== undefined).map(describeChain),
    ...actual.sets.map(({ name, elements }) => describeSet(name, elements)),
  ]);
  const keptChains = namesOf(chains.filter(chain => present.has(describeChain(chain))));
  const keptSets = namesOf(
    sets.filter(({ set, elements }) => present.has(describeSet(set.name, elements.elements))).map(({ set }) => set),
  );
  return [
    { operation: 'flush', object: { kind: 'table', family: table.family, name: table.name } },
    ...actual.chains.filter(({ name }) => !keptChains.has(name)).map(deleteChain),
    ...actual.sets.filter(({ name }) => !keptSets.has(name)).map(deleteSet),
    ...sets.filter(({ set }) => !keptSets.has(set.name)).flatMap(addSet),
    ...chains.filter(({ name }) => !keptChains.has(name)).map(addChain),
    ...rules.map(addRule),
  ];
}

function namesOf(objects: readonly { readonly name: string }[]): ReadonlySet<string> {
  return new Set(objects.map(({ name }) => name));
}

function deleteChain({ family, table, name }: ChainReference): BatchOperation {
  return { operation: 'delete', object: { kind: 'chain', family, table, name } };
}

function deleteSet({ family, table, name }: SetReference): BatchOperation {
  return { operation: 'delete', object: { kind: 'set', family, table, name } };
}

function addSet({ set, elements }: TableSpec['sets'][number]): BatchOperation[] {
  return [
    { operation: 'create', object: set },
    { operation: 'add', object: elements },
  ];
}

function addChain(chain: TableSpec['chains'][number]): BatchOperation {
  return { operation: 'create', object: chain };
}

function addRule(rule: TableSpec['rules'][number]): BatchOperation {
  return { operation: 'add', object: rule };
}
