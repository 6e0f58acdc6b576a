// The last counts of what a transaction has deleted, as the kernel echoes them: a deletion is told in the words of a listing.

import type { Message } from '../message';
import { decodeElements } from './element';
import type { Expression } from './expression/expression';
import {
  type Family,
  NFT_MSG_DELRULE,
  NFT_MSG_DELSETELEM,
  NFT_MSG_NEWRULE,
  NFT_MSG_NEWSETELEM,
  nftablesType,
} from './nfgenmsg';
import { decodeRule } from './rule';

export type LastCount = LastCountOfRule | LastCountOfElement;

interface Counted {
  readonly family: Family;
  readonly table: string;
  readonly packets: bigint;
  readonly bytes: bigint;
}

interface LastCountOfRule extends Counted {
  readonly kind: 'rule';
  readonly chain: string;
  readonly handle: bigint;
}

interface LastCountOfElement extends Counted {
  readonly kind: 'element';
  readonly set: string;
  readonly key: Uint8Array;
}

/** None of what has no counter, and of messages about anything else. */
export function decodeLastCounts(message: Message): LastCount[] {
  if (message.type === nftablesType(NFT_MSG_DELRULE)) {
    const { family, table, chain, handle, expressions } = decodeRule(listing(message, NFT_MSG_NEWRULE));
    return counterOf(expressions).map(counter => ({ kind: 'rule', family, table, chain, handle, ...counter }));
  }
  if (message.type !== nftablesType(NFT_MSG_DELSETELEM)) return [];
  const { family, table, set, elements } = decodeElements(listing(message, NFT_MSG_NEWSETELEM));
  return elements.flatMap(({ key, expressions = [] }) => {
    if (key === undefined) return [];
    return counterOf(expressions).map(counter => ({ kind: 'element' as const, family, table, set, key, ...counter }));
  });
}

function listing(message: Message, type: number): Message {
  return { ...message, type: nftablesType(type) };
}

/** One or none. */
function counterOf(expressions: readonly Expression[]): { readonly packets: bigint; readonly bytes: bigint }[] {
  const counters = expressions.flatMap(each => (each.kind === 'counter' ? [each] : []));
  return counters.slice(0, 1).map(({ packets = 0n, bytes = 0n }) => ({ packets, bytes }));
}
