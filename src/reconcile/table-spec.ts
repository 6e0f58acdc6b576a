// A table of the plan as the objects that netlink carries: the one place where plan data becomes kernel words.

import { linearize } from '../backend/nft/linearize';
import type { ClassifierMatch, MapElement, NftChain, NftSet, NftTable, NftVerdictMap } from '../backend/nft/table';
import { paddedLength } from '../backend/nft/verdict-map';
import { defect } from '../diagnostic/invariant';
import { bigEndianBytes } from '../net/big-endian';
import type { Chain } from '../netlink/nftables/chain';
import type { Data } from '../netlink/nftables/data';
import { concatenatedType, DATATYPES } from '../netlink/nftables/datatype';
import type { Elements, SetElement } from '../netlink/nftables/element';
import { intervalElements } from '../netlink/nftables/interval-element';
import type { Rule } from '../netlink/nftables/rule';
import type { NftSet as SetSpec } from '../netlink/nftables/set';
import type { Table } from '../netlink/nftables/table';
import { commentUserdata, setUserdata } from '../netlink/nftables/userdata';
import type { CountedRule } from './classifier/rule-record';
import { programPin } from './pin';

export interface TableSpec {
  readonly table: Table;
  readonly sets: readonly { readonly set: SetSpec; readonly elements: Elements }[];
  /** Verdict maps, whose elements change while the name stays. */
  readonly maps: readonly { readonly set: SetSpec; readonly elements: Elements }[];
  /** The base chain first. */
  readonly chains: readonly Chain[];
  readonly rules: readonly Rule[];
  /** Rules that the table's classifier has. */
  readonly classified: readonly CountedRule[];
}

/** What a table's rules call as its classifier. */
export interface ClassifierSpec {
  readonly pin: (part: ClassifierMatch['part']) => string;
  readonly rules: readonly CountedRule[];
}

const NO_CLASSIFIER: ClassifierSpec = { pin: () => defect('the table has no classifier'), rules: [] };

export function tableSpec(table: NftTable, classifier = NO_CLASSIFIER): TableSpec {
  const { family, name, comment } = table;
  return {
    table: { kind: 'table', family, name, userdata: commentUserdata(comment) },
    sets: table.sets.map(set => ({ set: setSpec(table, set), elements: elementsSpec(table, set) })),
    maps: table.maps.map(map => ({ set: mapSpec(table, map), elements: mapElements(table, map) })),
    chains: table.chains.map(chain => chainSpec(table, chain)),
    rules: table.chains.flatMap(chain => rulesOf(table, chain, classifier)),
    classified: classifier.rules,
  };
}

function chainSpec({ family, name: table }: NftTable, { name, hook, comment }: NftChain): Chain {
  return {
    kind: 'chain',
    family,
    table,
    name,
    ...(hook !== undefined && { base: { type: 'filter', ...hook } }),
    ...(comment !== undefined && { userdata: commentUserdata(comment) }),
  };
}

function rulesOf({ family, name: table }: NftTable, chain: NftChain, { pin }: ClassifierSpec): Rule[] {
  const pins = { program: programPin, classifier: pin };
  return chain.rules.map(rule => {
    const { comment, digest: tag } = rule;
    const expressions = linearize(rule, family, pins);
    if (comment === undefined) return { kind: 'rule', family, table, chain: chain.name, expressions };
    if (tag === undefined) return { kind: 'rule', family, table, chain: chain.name, expressions, comment };
    return { kind: 'rule', family, table, chain: chain.name, expressions, comment, tag };
  });
}

/** A set is never changed, so one of single values has the size that it needs: see roomFor(). */
function setSpec({ family, name: table }: NftTable, { name, key, values, interval }: NftSet): SetSpec {
  return {
    kind: 'set',
    family,
    table,
    name,
    flags: interval ? ['interval'] : [],
    keyType: DATATYPES[key.datatype],
    keyLength: key.length,
    ...(!interval && { size: values.length }),
    // Only for nft, which takes strings for numbers of the host.
    userdata: setUserdata({ keyByteorder: key.datatype === 'ifname' ? 'host' : 'network' }),
  };
}

/** An interval set's rbtree wants an end for every start; a hash set has single keys. */
function elementsSpec({ family, name: table }: NftTable, { name: set, key, values, interval }: NftSet): Elements {
  const entries = values.map(({ from, to }) => ({
    from: bigEndianBytes(from, key.length),
    to: bigEndianBytes(to, key.length),
  }));
  const elements: readonly SetElement[] = interval
    ? intervalElements(entries)
    : entries.map(({ from }) => ({ key: from }));
  return { kind: 'elements', family, table, set, elements };
}

function mapSpec({ family, name: table }: NftTable, { name, key, elements }: NftVerdictMap): SetSpec {
  return {
    kind: 'set',
    family,
    table,
    name,
    flags: ['map'],
    keyType: concatenatedType(key.map(({ datatype }) => datatype)),
    keyLength: key.reduce((sum, { length }) => sum + (key.length === 1 ? length : paddedLength(length)), 0),
    dataType: DATATYPES.verdict,
    dataLength: 0,
    size: roomFor(elements.length),
    // The kernel gives one to each element that comes.
    expressions: [{ kind: 'counter' }],
    userdata: setUserdata({ keyByteorder: 'network' }),
  };
}

/**
 * Of a map with a size the kernel makes a table that never grows (nft_hash_type), and fills it three times as fast. There
 * is room for as many elements again; for more the map is made anew (transaction.ts).
 */
function roomFor(elements: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(LEAST_ROOM, 2 * elements)));
}

const LEAST_ROOM = 512;

export function mapElements({ family, name: table }: NftTable, { name: set, key, elements }: NftVerdictMap): Elements {
  // A key of one field alone is not padded.
  const length = key.length === 1 ? key[0]?.length : undefined;
  return { kind: 'elements', family, table, set, elements: elements.map(each => mapElement(each, length)) };
}

function mapElement({ key, verdict, comment, digest: tag }: MapElement, length: number | undefined): SetElement {
  return {
    key: length === undefined ? key : key.subarray(0, length),
    data: VERDICTS[verdict],
    comment,
    tag,
  };
}

const VERDICTS: Readonly<Record<MapElement['verdict'], Data>> = {
  drop: { kind: 'verdict', verdict: { code: 'drop' } },
  accept: { kind: 'verdict', verdict: { code: 'accept' } },
};
