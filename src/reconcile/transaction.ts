// The batch that puts a plan's tables in the place of what the kernel has. The base chain stays and only its rules
// change: were it deleted and made anew, both hooks would be registered for a moment, the new one first, and a packet
// could pass the new one before the commit and the old one after it, judged by neither. Within one base chain a packet
// sees one generation of rules, and sets are never changed, only replaced under another name.

import type { BatchOperation } from '../netlink/nftables/batch-operation';
import type { ActualTable } from './actual';
import type { TableSpec } from './table-spec';

/** Whether the kernel (6.9) knows tables that belong to a socket and outlive it. */
export type Ownership = 'owner-persist' | 'none';

export function replaceTable(spec: TableSpec, actual: ActualTable | undefined, ownership: Ownership): BatchOperation[] {
  return actual === undefined ? createTable(spec, ownership) : [...adoptTable(actual), ...changeTable(spec, actual)];
}

/** A table made with `persist` is nobody's once its socket is closed; adding it with the same flags makes it ours. */
function adoptTable({ table: { family, name, flags = [] } }: ActualTable): BatchOperation[] {
  if (!flags.includes('persist')) return [];
  return [{ operation: 'add', object: { kind: 'table', family, name, flags: ['owner', 'persist'] } }];
}

/** `nft add table …` and all that is in it. */
function createTable({ table, sets, chains, rules }: TableSpec, ownership: Ownership): BatchOperation[] {
  const flags = ownership === 'none' ? {} : ({ flags: ['owner', 'persist'] } as const);
  return [
    { operation: 'create', object: { ...table, ...flags } },
    ...sets.flatMap(addSet),
    ...chains.map(chain => ({ operation: 'add', object: chain }) as const),
    ...rules.map(addRule),
  ];
}

/** `nft flush table`, then every other chain and set goes that is not wanted, then come the new ones. */
function changeTable({ table, sets, chains, rules }: TableSpec, actual: ActualTable): BatchOperation[] {
  const { family, name } = table;
  const wantedSets = new Set(sets.map(({ set }) => set.name));
  const presentSets = new Set(actual.sets.map(set => set.name));
  const [base, ...others] = chains;
  return [
    { operation: 'flush', object: { kind: 'table', family, name } },
    ...actual.chains
      .filter(chain => chain.name !== base?.name)
      .map(
        ({ name: chain }) =>
          ({ operation: 'delete', object: { kind: 'chain', family, table: name, name: chain } }) as const,
      ),
    ...actual.sets
      .filter(set => !wantedSets.has(set.name))
      .map(
        ({ name: set }) => ({ operation: 'delete', object: { kind: 'set', family, table: name, name: set } }) as const,
      ),
    ...(actual.chains.some(chain => chain.name === base?.name) ? [] : chains.slice(0, 1)).map(addChain),
    ...sets.filter(({ set }) => !presentSets.has(set.name)).flatMap(addSet),
    ...others.map(addChain),
    ...rules.map(addRule),
  ];
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
