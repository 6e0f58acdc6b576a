// The counters in a dump of a set's elements, with the comments that say whose they are, and nothing else: ten thousand
// take milliseconds.

import { AttributeCursor } from '../attribute-cursor';
import type { Message } from '../message';
import { malformed } from '../netlink-error';
import {
  NFTA_SET_ELEM_EXPR,
  NFTA_SET_ELEM_EXPRESSIONS,
  NFTA_SET_ELEM_LIST_ELEMENTS,
  NFTA_SET_ELEM_USERDATA,
} from './element';
import { NFTA_COUNTER_BYTES, NFTA_COUNTER_PACKETS } from './expression/counter';
import { NFTA_EXPR_DATA, NFTA_EXPR_NAME } from './expression/expression';
import { NFGENMSG, NFT_MSG_NEWSETELEM, nftablesType } from './nfgenmsg';
import { userdataComment } from './userdata';

export interface ElementCount {
  readonly comment: string;
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** Of one message of a set's dump: its elements that have both, a comment and a counter. */
export function decodeElementCounts(message: Message): ElementCount[] {
  const counts: ElementCount[] = [];
  const cursor = cursorOver(message);
  while (cursor.next()) {
    if (cursor.type !== NFTA_SET_ELEM_LIST_ELEMENTS) continue;
    cursor.enter();
    while (cursor.next()) {
      cursor.enter();
      const count = countOf(cursor);
      if (count !== undefined) counts.push(count);
      cursor.leave();
    }
    cursor.leave();
  }
  return counts;
}

function cursorOver({ type, payload }: Message): AttributeCursor {
  if (type !== nftablesType(NFT_MSG_NEWSETELEM)) throw malformed('elements', `the message has type ${type}`);
  if (payload.length < NFGENMSG) throw malformed('elements', 'the header of nf_tables is missing');
  return new AttributeCursor(payload.subarray(NFGENMSG), 'elements');
}

type Counter = Omit<ElementCount, 'comment'>;

function countOf(cursor: AttributeCursor): ElementCount | undefined {
  let comment: string | undefined;
  let counter: Counter | undefined;
  while (cursor.next()) {
    if (cursor.type === NFTA_SET_ELEM_USERDATA) comment = userdataComment(cursor.bytes());
    else if (cursor.type === NFTA_SET_ELEM_EXPR) counter = counterOf(cursor);
    else if (cursor.type === NFTA_SET_ELEM_EXPRESSIONS) counter = firstCounter(cursor);
  }
  if (comment === undefined || counter === undefined) return undefined;
  return { comment, packets: counter.packets, bytes: counter.bytes };
}

function firstCounter(cursor: AttributeCursor): Counter | undefined {
  let first: Counter | undefined;
  cursor.enter();
  while (first === undefined && cursor.next()) first = counterOf(cursor);
  cursor.leave();
  return first;
}

/** undefined where the expression that the cursor stands on is another one. */
function counterOf(cursor: AttributeCursor): Counter | undefined {
  let counter: Counter | undefined;
  cursor.enter();
  for (let isCounter = false; cursor.next(); ) {
    if (cursor.type === NFTA_EXPR_NAME) isCounter = cursor.string() === 'counter';
    else if (isCounter && cursor.type === NFTA_EXPR_DATA) counter = valuesOf(cursor);
  }
  cursor.leave();
  return counter;
}

function valuesOf(cursor: AttributeCursor): Counter {
  let [packets, bytes] = [0n, 0n];
  cursor.enter();
  while (cursor.next()) {
    if (cursor.type === NFTA_COUNTER_PACKETS) packets = cursor.u64be();
    else if (cursor.type === NFTA_COUNTER_BYTES) bytes = cursor.u64be();
  }
  cursor.leave();
  return { packets, bytes };
}
