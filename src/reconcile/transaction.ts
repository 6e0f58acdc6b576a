// The batches that make a table what a plan asks for. What stays is not sent, and keeps its counters: rules by handle,
// elements by key. The base chain always stays: were it deleted and made anew, both hooks would be registered for a moment,
// the new one first, and a packet could pass the new one before the commit and the old one after it, judged by neither.
// Within one base chain a packet sees one generation of rules. Elements of maps it sees as they are when it looks them up,
// so what a packet that began before the commit may still look for goes in a batch behind.

import { UNREACHED_CHAIN } from '../backend/nft/unreached-rules';
import type { BatchOperation } from '../netlink/nftables/batch-operation';
import type { ChainReference } from '../netlink/nftables/chain';
import type { SetElement } from '../netlink/nftables/element';
import type { ListedRule, Rule } from '../netlink/nftables/rule';
import type { SetReference } from '../netlink/nftables/set';
import type { ActualSet, ActualTable } from './actual';
import { describeChain, describeMap, describeSet } from './description';
import { keyOf } from './element-change';
import { type Around, changeMap, changeMaps, type Refs, refOf, type Transaction } from './map-transaction';
import { once } from './once';
import { changeRules, type RuleChange } from './rule-change';
import type { TableSpec } from './table-spec';

/** Whether the kernel (6.9) knows tables that belong to a socket and outlive it. */
export type Ownership = 'owner-persist' | 'none';

export function changeTable(
  spec: TableSpec,
  actual: ActualTable | undefined,
  ownership: Ownership,
  refs: Refs,
): Transaction {
  if (actual === undefined) return { operations: createTable(spec, ownership), afterwards: [] };
  return changePresent(spec, actual, refs);
}

/** As changeTable, but all of it goes and is made once more: for a table with which nothing else can be done. */
export function renewTable(spec: TableSpec, actual: ActualTable | undefined, ownership: Ownership): Transaction {
  return {
    operations: [...(actual === undefined ? [] : deleteTable(actual)), ...createTable(spec, ownership)],
    afterwards: [],
  };
}

/** Emptied before it goes, so that the kernel tells the last counts. */
export function deleteTable({ table: { family, name }, chains, maps }: ActualTable): BatchOperation[] {
  const emptied = maps.map(map => {
    return { operation: 'flush', object: { kind: 'set', family, table: name, name: map.name } } as const;
  });
  return [...chains.map(flushChain), ...emptied, { operation: 'delete', object: { kind: 'table', family, name } }];
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

/** `nft add table …` and all that is in it. */
function createTable(spec: TableSpec, ownership: Ownership): BatchOperation[] {
  const { sets, maps, chains, rules } = spec;
  return [
    createOwned(spec, ownership),
    ...[...sets, ...maps].flatMap(addSet),
    ...chains.map(chain => ({ operation: 'add', object: chain }) as const),
    ...rules.map(rule => addRule(rule, undefined)),
  ];
}

function createOwned({ table }: TableSpec, ownership: Ownership): BatchOperation {
  const flags = ownership === 'none' ? {} : ({ flags: ['owner', 'persist'] } as const);
  return { operation: 'create', object: { ...table, ...flags } };
}

/** What goes comes before what takes its name, and every object before the rules that lead to it. */
function changePresent(spec: TableSpec, actual: ActualTable, refs: Refs): Transaction {
  const kept = keptObjects(spec, actual);
  const going = actual.chains.filter(({ name }) => !kept.chains.has(name));
  const goingMaps = actual.maps.filter(({ name }) => !kept.maps.has(name));
  const renewed = new Set(spec.maps.map(({ set }) => set.name));
  const goesAtOnce = (map: ActualSet) => renewed.has(map.name) || leadsToChains(map);
  const rules = changeChains(spec, actual, kept);
  const maps = spec.maps.flatMap(({ elements: wanted }) => {
    const map = kept.maps.get(wanted.set);
    if (map === undefined) return [];
    const here = once(() => new Set(wanted.elements.map(refOf)));
    return [changeMap(wanted, map.elements, ref => here().has(ref))];
  });
  const newMaps = spec.maps.filter(({ set }) => !kept.maps.has(set.name));
  const around = { adds: rules.adds || newMaps.length > 0, deletesSkip: rules.deletesSkip };
  const elements = changeMaps(maps, around, refs);
  const operations = [
    ...wakeTable(actual),
    ...rules.deleted,
    ...going.filter(({ name }) => actual.rules.some(({ chain }) => chain === name)).map(flushChain),
    ...actual.sets.filter(({ name }) => !kept.sets.has(name)).map(deleteSet),
    ...goingMaps.filter(goesAtOnce).map(deleteSet),
    ...spec.sets.filter(({ set }) => !kept.sets.has(set.name)).flatMap(addSet),
    ...newMaps.flatMap(addSet),
    ...elements.operations,
    // Elements that somebody else has put into a map may have led to them.
    ...going.map(deleteChain),
    ...spec.chains.filter(({ name }) => !kept.chains.has(name)).map(addChain),
    ...rules.added,
  ];
  const unused = goingMaps.filter(map => !goesAtOnce(map)).map(deleteSet);
  return { operations, afterwards: [...elements.afterwards, ...unused] };
}

/**
 * A table made with `persist` is nobody's once its socket is closed, and takes changes from anyone; only its flags change
 * with those that it has, which takes it over. Elsewhere it is not taken over: a batch that changes a table's flags may not
 * add a base chain to it (EINVAL).
 */
function wakeTable({ table: { family, name, flags = [] } }: ActualTable): BatchOperation[] {
  if (!flags.includes('dormant')) return [];
  const others = flags.filter(flag => flag !== 'dormant');
  const table = { kind: 'table', family, name } as const;
  return [{ operation: 'add', object: others.length === 0 ? table : { ...table, flags: others } }];
}

interface KeptObjects {
  readonly chains: ReadonlySet<string>;
  readonly sets: ReadonlySet<string>;
  readonly maps: ReadonlyMap<string, ActualSet>;
}

function keptObjects({ chains, sets, maps }: TableSpec, actual: ActualTable): KeptObjects {
  const present = new Set([
    ...actual.chains.map(describeChain),
    ...actual.sets.map(({ name, elements }) => describeSet(name, elements)),
  ]);
  const presentMaps = new Map(actual.maps.map(map => [describeMap(map), map]));
  return {
    chains: new Set(chains.filter(chain => present.has(describeChain(chain))).map(({ name }) => name)),
    sets: new Set(
      sets
        .filter(({ set, elements }) => present.has(describeSet(set.name, elements.elements)))
        .map(({ set }) => set.name),
    ),
    maps: new Map(
      maps.flatMap(({ set, elements }) => {
        const map = presentMaps.get(describeMap(set));
        return map === undefined || !hasRoom(map, elements.elements) ? [] : [[set.name, map] as const];
      }),
    ),
  };
}

/** For those that come beside those that leave in a batch behind. */
function hasRoom({ size, elements }: ActualSet, wanted: readonly SetElement[]): boolean {
  if (size === undefined || size >= elements.length + wanted.length) return true;
  return size >= new Set([...elements, ...wanted].map(keyOf)).size;
}

/** As no map of ours does: the chains could not go before it. */
function leadsToChains({ elements }: ActualSet): boolean {
  return elements.some(({ data }) => data?.kind === 'verdict' && 'chain' in data.verdict);
}

interface ChangedChains extends Around {
  readonly deleted: readonly BatchOperation[];
  readonly added: readonly BatchOperation[];
}

function changeChains(spec: TableSpec, actual: ActualTable, kept: KeptObjects): ChangedChains {
  const [wanted, present] = [byChain(spec.rules), byChain(actual.rules)];
  const canStay = (rule: ListedRule) => leadsToKept(rule, kept);
  const changes = spec.chains.map(chain => {
    const before = kept.chains.has(chain.name) ? (present.get(chain.name) ?? []) : [];
    return { chain, ...changeRules(wanted.get(chain.name) ?? [], before, canStay) };
  });
  const gone = actual.rules.filter(({ chain }) => !kept.chains.has(chain));
  return {
    deleted: changes.flatMap(change => deleteRules(change.chain, change)),
    added: changes.flatMap(({ added }) => added.map(({ rule, before }) => addRule(rule, before))),
    adds: changes.some(({ chain, added }) => added.length > 0 && chain.name !== UNREACHED_CHAIN),
    deletesSkip: [...gone, ...changes.flatMap(({ deleted }) => deleted)].some(isSkip),
  };
}

function isSkip({ expressions }: Rule): boolean {
  return expressions.some(each => each.kind === 'verdict' && each.verdict.code === 'accept');
}

/** Each by its handle costs the kernel a walk over the chain. */
function deleteRules(chain: ChainReference, { deleted, kept }: RuleChange): BatchOperation[] {
  if (deleted.length > 1 && kept === 0) return [flushChain(chain)];
  return deleted.map(({ family, table, chain, handle }) => {
    return { operation: 'delete', object: { kind: 'rule', family, table, chain, handle } };
  });
}

function leadsToKept({ expressions }: Rule, { chains, sets, maps }: KeptObjects): boolean {
  return expressions.every(each => {
    if (each.kind === 'lookup') return sets.has(each.set) || maps.has(each.set);
    return !(each.kind === 'verdict' && 'chain' in each.verdict) || chains.has(each.verdict.chain);
  });
}

function byChain<R extends Rule>(rules: readonly R[]): ReadonlyMap<string, readonly R[]> {
  const chains = new Map<string, R[]>();
  for (const rule of rules) {
    const chain = chains.get(rule.chain);
    if (chain === undefined) chains.set(rule.chain, [rule]);
    else chain.push(rule);
  }
  return chains;
}

function flushChain({ family, table, name }: ChainReference): BatchOperation {
  return { operation: 'flush', object: { kind: 'chain', family, table, name } };
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

/** `before` is the handle of the rule before which it goes; without one it goes to the chain's end. */
function addRule(rule: Rule, before: bigint | undefined): BatchOperation {
  if (before === undefined) return { operation: 'add', object: rule };
  return { operation: 'insert', object: { ...rule, position: before } };
}
