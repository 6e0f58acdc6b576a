// Set and map elements: `nft add element ip t s { 10.0.0.1, 10.0.0.2 timeout 30s comment "…" }`. nla_len has 16 bits,
// so a long list becomes several messages, which never part the two ends of an interval.

import type { Attribute, Attributes } from '../attribute';
import { attributePath } from '../attribute-path';
import type { AttributeWriter } from '../attribute-writer';
import { flagTable, type UnknownBits } from '../code-table';
import { type Message, NLM_F_ACK, NLM_F_DUMP, NLMSG_HEADER, type Request } from '../message';
import { present } from '../present';
import { type Data, decodeData, decodeValue, encodeData, encodeValue } from './data';
import type { Expression } from './expression/expression';
import {
  decodeNftables,
  encodeNftables,
  type Family,
  NFGENMSG,
  NFT_MSG_GETSETELEM,
  NFT_MSG_NEWSETELEM,
} from './nfgenmsg';
import { decodeOneOrMore, encodeOneOrMore } from './set';
import { encodeComment } from './userdata';

const NFTA_SET_ELEM_LIST_TABLE = 1;
const NFTA_SET_ELEM_LIST_SET = 2;
export const NFTA_SET_ELEM_LIST_ELEMENTS = 3;
const NFTA_SET_ELEM_LIST_SET_ID = 4;
const NFTA_SET_ELEM_KEY = 1;
const NFTA_SET_ELEM_DATA = 2;
const NFTA_SET_ELEM_FLAGS = 3;
const NFTA_SET_ELEM_TIMEOUT = 4;
const NFTA_SET_ELEM_EXPIRATION = 5;
export const NFTA_SET_ELEM_USERDATA = 6;
export const NFTA_SET_ELEM_EXPR = 7;
const NFTA_SET_ELEM_OBJREF = 9;
const NFTA_SET_ELEM_KEY_END = 10;
export const NFTA_SET_ELEM_EXPRESSIONS = 11;

/** Bytes of elements in one message; below the 65,535 of nla_len by more than the largest element. */
const CHUNK = 60 * 1024;

/** interval_end: this key is the first one after the interval that the element before it began. */
export const ELEMENT_FLAGS = flagTable({ interval_end: 1, catchall: 2 });
export type ElementFlag = (typeof ELEMENT_FLAGS.names)[number] | UnknownBits;

export interface SetElement {
  /** Absent only in the catch-all element. */
  readonly key?: Uint8Array;
  /** Concatenations with ranges: the last value of each field. */
  readonly keyEnd?: Uint8Array;
  readonly flags?: readonly ElementFlag[];
  readonly data?: Data;
  /** Milliseconds, as is expiration (what is left of it). */
  readonly timeout?: bigint;
  readonly expiration?: bigint;
  readonly userdata?: Uint8Array;
  /** In place of user data, which is then nothing else. */
  readonly comment?: string;
  /** Behind the comment; see encodeComment(). */
  readonly tag?: string;
  /** Object maps: the object's name. */
  readonly objectName?: string;
  readonly expressions?: readonly Expression[];
}

export interface Elements {
  readonly kind: 'elements';
  readonly family: Family;
  readonly table: string;
  readonly set: string;
  /** See NftSet.id. */
  readonly setId?: number;
  readonly elements: readonly SetElement[];
}

/** One message of a dump: a part of the set. */
export interface ListedElements extends Elements {
  readonly elements: readonly ListedElement[];
  readonly unknown?: readonly Attribute[];
}

export interface ListedElement extends SetElement {
  readonly unknown?: readonly Attribute[];
}

/** Writes elements from index `start` on until one message is full; returns the index of the first one left. */
export function encodeElements(writer: AttributeWriter, list: Elements, start: number): number {
  writer.string(NFTA_SET_ELEM_LIST_TABLE, list.table);
  writer.string(NFTA_SET_ELEM_LIST_SET, list.set);
  if (list.setId !== undefined) writer.u32be(NFTA_SET_ELEM_LIST_SET_ID, list.setId);
  const nest = writer.open(NFTA_SET_ELEM_LIST_ELEMENTS);
  const limit = writer.length + CHUNK;
  let next = start;
  while (next < list.elements.length) {
    const before = writer.length;
    const after = encodeGroup(writer, list.elements, start, next);
    if (writer.length > limit && next > start) {
      writer.truncate(before);
      break;
    }
    next = after;
  }
  writer.close(nest);
  return next;
}

/** Names every element of a set, for `nft flush set`. */
export function encodeElementsOfSet(writer: AttributeWriter, table: string, set: string): void {
  writer.string(NFTA_SET_ELEM_LIST_TABLE, table);
  writer.string(NFTA_SET_ELEM_LIST_SET, set);
}

export function decodeElements(message: Message): ListedElements {
  const { family, attributes } = decodeNftables(message, NFT_MSG_NEWSETELEM, 'elements');
  return present({
    kind: 'elements' as const,
    family,
    table: attributes.required(attributes.string(NFTA_SET_ELEM_LIST_TABLE), 'NFTA_SET_ELEM_LIST_TABLE'),
    set: attributes.required(attributes.string(NFTA_SET_ELEM_LIST_SET), 'NFTA_SET_ELEM_LIST_SET'),
    setId: attributes.u32be(NFTA_SET_ELEM_LIST_SET_ID),
    elements: attributes.list(NFTA_SET_ELEM_LIST_ELEMENTS)?.map(decodeElement) ?? [],
    unknown: attributes.rest(),
  });
}

/** `nft list set ip t s`: only the elements. */
export function dumpElements(family: Family, table: string, set: string): Request {
  const header = { message: NFT_MSG_GETSETELEM, flags: NLM_F_DUMP, family };
  const bytes = encodeNftables(header, writer => encodeElementsOfSet(writer, table, set));
  return { operation: 'dump elements', subject: `${table} ${set}`, bytes };
}

/** `nft get element ip t s { … }`: refused (ENOENT) where one of them is not there. */
export function getElements(list: Elements): Request {
  const header = { message: NFT_MSG_GETSETELEM, flags: NLM_F_ACK, family: list.family };
  const bytes = encodeNftables(header, writer => encodeElements(writer, list, 0));
  return { operation: 'get elements', subject: `${list.table} ${list.set}`, bytes };
}

/** Which element of a sent message the byte at `offset` belongs to, from 0; undefined when it is outside of them. */
export function elementAt(message: Uint8Array, offset: number): number | undefined {
  const [outer, inner] = attributePath(message, NLMSG_HEADER + NFGENMSG, offset);
  return outer?.type === NFTA_SET_ELEM_LIST_ELEMENTS ? inner?.index : undefined;
}

/** One element with the interval end that follows it, numbered from 1 as libnftnl does; the kernel ignores the number. */
function encodeGroup(writer: AttributeWriter, elements: readonly SetElement[], start: number, first: number): number {
  let next = first;
  do {
    const element = elements[next];
    if (element === undefined) break;
    const nest = writer.open(next - start + 1);
    encodeElement(writer, element);
    writer.close(nest);
    next++;
  } while (elements[next]?.flags?.includes('interval_end'));
  return next;
}

function encodeElement(writer: AttributeWriter, element: SetElement): void {
  const { key, keyEnd, flags, data, timeout, expiration, userdata, comment, tag, objectName } = element;
  if (flags !== undefined) writer.u32be(NFTA_SET_ELEM_FLAGS, ELEMENT_FLAGS.bits(flags));
  if (timeout !== undefined) writer.u64be(NFTA_SET_ELEM_TIMEOUT, timeout);
  if (expiration !== undefined) writer.u64be(NFTA_SET_ELEM_EXPIRATION, expiration);
  if (key !== undefined) encodeValue(writer, NFTA_SET_ELEM_KEY, key);
  if (keyEnd !== undefined) encodeValue(writer, NFTA_SET_ELEM_KEY_END, keyEnd);
  if (data !== undefined) encodeData(writer, NFTA_SET_ELEM_DATA, data);
  if (comment !== undefined) encodeComment(writer, NFTA_SET_ELEM_USERDATA, comment, tag);
  else if (userdata !== undefined) writer.bytes(NFTA_SET_ELEM_USERDATA, userdata);
  if (objectName !== undefined) writer.string(NFTA_SET_ELEM_OBJREF, objectName);
  encodeOneOrMore(writer, { one: NFTA_SET_ELEM_EXPR, more: NFTA_SET_ELEM_EXPRESSIONS }, element.expressions);
}

function decodeElement(attributes: Attributes): ListedElement {
  const flags = attributes.u32be(NFTA_SET_ELEM_FLAGS);
  return present({
    key: decodeValue(attributes, NFTA_SET_ELEM_KEY),
    keyEnd: decodeValue(attributes, NFTA_SET_ELEM_KEY_END),
    flags: flags === undefined || flags === 0 ? undefined : ELEMENT_FLAGS.flags(flags),
    data: decodeData(attributes, NFTA_SET_ELEM_DATA),
    timeout: attributes.u64be(NFTA_SET_ELEM_TIMEOUT),
    expiration: attributes.u64be(NFTA_SET_ELEM_EXPIRATION),
    userdata: attributes.bytes(NFTA_SET_ELEM_USERDATA),
    objectName: attributes.string(NFTA_SET_ELEM_OBJREF),
    expressions: decodeOneOrMore(attributes, { one: NFTA_SET_ELEM_EXPR, more: NFTA_SET_ELEM_EXPRESSIONS }),
    unknown: attributes.rest(),
  });
}
