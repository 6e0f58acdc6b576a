// What rules have counted in objects that are gone: an nft rule that has moved, an element, a place in a classifier. It lies
// in a set that no rule looks into, one element for a rule, and is added wherever counts are read. So a rule that stays keeps
// its count whatever the kernel is told of it, and objects that stay need not be touched. Of a rule that is not in force, but
// may come back, the comment says `kept`.
//
//   set earlier_counts { type integer; counter; elements = { DIGEST counter packets 3 bytes 180 comment "rampart earlier ref=web" } }

import { DIGEST_LENGTH } from '../ir/rule-digest';
import type { BatchOperation } from '../netlink/nftables/batch-operation';
import { DATATYPES } from '../netlink/nftables/datatype';
import type { SetElement } from '../netlink/nftables/element';
import type { NftSet } from '../netlink/nftables/set';
import type { TableReference } from '../netlink/nftables/table';
import { setUserdata } from '../netlink/nftables/userdata';
import { commentOf } from './description';

export const EARLIER_SET = 'earlier_counts';

export interface Count {
  readonly packets: bigint;
  readonly bytes: bigint;
}

export interface EarlierCount extends Count {
  readonly ref: string;
  /** For a way back: the rule is not in force. */
  readonly isKept: boolean;
}

/** By the rule's digest. */
export type EarlierCounts = ReadonlyMap<string, EarlierCount>;

export const NO_EARLIER_COUNTS: EarlierCounts = new Map();

/** A set of the name that somebody else has made is not it. */
export function isEarlierSet({ name, keyLength, flags, expressions = [] }: NftSet): boolean {
  const [expression] = expressions;
  return name === EARLIER_SET && keyLength === DIGEST_LENGTH && flags.length === 0 && expression?.kind === 'counter';
}

export function earlierCounts(elements: readonly SetElement[]): EarlierCounts {
  return new Map(
    elements.flatMap(element => {
      const comment = parseEarlierComment(commentOf(element) ?? '');
      const counter = element.expressions?.find(({ kind }) => kind === 'counter');
      if (comment === undefined || element.key === undefined || counter?.kind !== 'counter') return [];
      const { packets = 0n, bytes = 0n } = counter;
      return [[Buffer.from(element.key).toString('latin1'), { ...comment, packets, bytes }] as const];
    }),
  );
}

/** undefined for another comment. */
export function parseEarlierComment(text: string): Pick<EarlierCount, 'ref' | 'isKept'> | undefined {
  const [, word, ref] = /^rampart (earlier|kept) ref=([A-Za-z0-9_.:-]+)$/.exec(text) ?? [];
  return ref === undefined ? undefined : { ref, isKept: word === 'kept' };
}

/** `before`: undefined where the table has no such set. */
export function changeEarlierCounts(
  { family, name: table }: Pick<TableReference, 'family' | 'name'>,
  before: EarlierCounts | undefined,
  after: EarlierCounts,
): BatchOperation[] {
  const changed = [...after].filter(([digest, count]) => !isSame(before?.get(digest), count));
  const gone = [...(before ?? NO_EARLIER_COUNTS)].filter(([digest, count]) => !isSame(after.get(digest), count));
  const list = { kind: 'elements', family, table, set: EARLIER_SET } as const;
  const operations: BatchOperation[] = [];
  if (before === undefined && changed.length > 0)
    operations.push({ operation: 'create', object: earlierSet(family, table) });
  if (gone.length > 0) {
    operations.push({
      operation: 'delete',
      object: { ...list, elements: gone.map(([digest]) => ({ key: keyOf(digest) })) },
    });
  }
  if (changed.length > 0) {
    operations.push({
      operation: 'add',
      object: { ...list, elements: changed.map(([digest, count]) => element(digest, count)) },
    });
  }
  return operations;
}

function isSame(a: EarlierCount | undefined, b: EarlierCount): boolean {
  return a !== undefined && a.packets === b.packets && a.bytes === b.bytes && a.ref === b.ref && a.isKept === b.isKept;
}

function earlierSet(family: NftSet['family'], table: string): NftSet {
  return {
    kind: 'set',
    family,
    table,
    name: EARLIER_SET,
    flags: [],
    keyType: DATATYPES.integer,
    keyLength: DIGEST_LENGTH,
    expressions: [{ kind: 'counter' }],
    userdata: setUserdata({ keyByteorder: 'network' }),
  };
}

function element(digest: string, { ref, isKept, packets, bytes }: EarlierCount): SetElement {
  return {
    key: keyOf(digest),
    comment: `rampart ${isKept ? 'kept' : 'earlier'} ref=${ref}`,
    expressions: [{ kind: 'counter', packets, bytes }],
  };
}

function keyOf(digest: string): Uint8Array {
  return Buffer.from(digest, 'latin1');
}
