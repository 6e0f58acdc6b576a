// Sets and maps: `nft add set ip t s { type ipv4_addr; flags interval; }`, `nft add map ip t m { type inet_service :
// verdict; }`. Keys of several fields have each field padded to 4 bytes.

import type { Attribute, Attributes } from '../attribute';
import type { AttributeWriter } from '../attribute-writer';
import { codeTable, flagTable, type UnknownBits } from '../code-table';
import { type Message, NLM_F_DUMP, type Request } from '../message';
import { present } from '../present';
import { DATATYPES } from './datatype';
import {
  decodeExpression,
  decodeExpressions,
  type Expression,
  encodeExpression,
  encodeExpressions,
} from './expression/expression';
import { decodeNftables, encodeNftables, type Family, NFT_MSG_GETSET, NFT_MSG_NEWSET } from './nfgenmsg';

const NFTA_SET_TABLE = 1;
const NFTA_SET_NAME = 2;
const NFTA_SET_FLAGS = 3;
const NFTA_SET_KEY_TYPE = 4;
const NFTA_SET_KEY_LEN = 5;
const NFTA_SET_DATA_TYPE = 6;
const NFTA_SET_DATA_LEN = 7;
const NFTA_SET_POLICY = 8;
const NFTA_SET_DESC = 9;
const NFTA_SET_ID = 10;
const NFTA_SET_TIMEOUT = 11;
const NFTA_SET_GC_INTERVAL = 12;
const NFTA_SET_USERDATA = 13;
const NFTA_SET_OBJ_TYPE = 15;
const NFTA_SET_HANDLE = 16;
const NFTA_SET_EXPR = 17;
const NFTA_SET_EXPRESSIONS = 18;
const NFTA_SET_TYPE = 19;
const NFTA_SET_COUNT = 20;
const NFTA_SET_DESC_SIZE = 1;
const NFTA_SET_DESC_CONCAT = 2;
const NFTA_LIST_ELEM = 1;
const NFTA_SET_FIELD_LEN = 1;

export const SET_FLAGS = flagTable({
  anonymous: 0x1,
  constant: 0x2,
  interval: 0x4,
  map: 0x8,
  timeout: 0x10,
  eval: 0x20,
  object: 0x40,
  concat: 0x80,
  expr: 0x100,
});
export type SetFlag = (typeof SET_FLAGS.names)[number] | UnknownBits;

export const SET_POLICIES = codeTable({ performance: 0, memory: 1 });
export type SetPolicy = (typeof SET_POLICIES.names)[number];

export interface SetReference {
  readonly kind: 'set';
  readonly family: Family;
  readonly table: string;
  readonly name: string;
}

export interface NftSet extends SetReference {
  readonly flags: readonly SetFlag[];
  /** nft's number of the key's type (datatype.ts). */
  readonly keyType: number;
  /** Bytes. */
  readonly keyLength: number;
  /** Maps: nft's number, or DATATYPES.verdict. */
  readonly dataType?: number;
  /** Bytes; 0 for verdicts. */
  readonly dataLength?: number;
  /** Object maps: NFT_OBJECT_*. */
  readonly objectType?: number;
  /** Names the set inside one transaction, where its name is still '__set%d'; dumps do not have it. */
  readonly id?: number;
  readonly policy?: SetPolicy;
  /** Most elements it may hold. */
  readonly size?: number;
  /** Bytes of each field, unpadded: for concatenations with ranges. */
  readonly fieldLengths?: readonly number[];
  /** Milliseconds, as is gcInterval. */
  readonly timeout?: bigint;
  readonly gcInterval?: number;
  readonly userdata?: Uint8Array;
  /** Every new element gets its own of each, such as a counter. */
  readonly expressions?: readonly Expression[];
}

/** What a dump says. */
export interface ListedSet extends NftSet {
  readonly handle: bigint;
  /** Symbol of the data structure that the kernel chose, or its address where symbols are hidden; since Linux 6.16. */
  readonly backend?: string;
  /** Elements as that structure counts them, an interval as one; since Linux 6.16. */
  readonly count?: number;
  readonly unknown?: readonly Attribute[];
}

export function encodeSet(writer: AttributeWriter, set: NftSet): void {
  encodeSetReference(writer, set);
  writer.u32be(NFTA_SET_FLAGS, SET_FLAGS.bits(set.flags));
  writer.u32be(NFTA_SET_KEY_TYPE, set.keyType);
  writer.u32be(NFTA_SET_KEY_LEN, set.keyLength);
  if (set.dataType !== undefined) writer.u32be(NFTA_SET_DATA_TYPE, set.dataType);
  if (set.dataLength !== undefined) writer.u32be(NFTA_SET_DATA_LEN, set.dataLength);
  if (set.objectType !== undefined) writer.u32be(NFTA_SET_OBJ_TYPE, set.objectType);
  // The kernel insists on an id, and reads it only to find sets that have no name yet.
  writer.u32be(NFTA_SET_ID, set.id ?? 0);
  if (set.policy !== undefined) writer.u32be(NFTA_SET_POLICY, SET_POLICIES.code(set.policy));
  encodeDescription(writer, set);
  if (set.timeout !== undefined) writer.u64be(NFTA_SET_TIMEOUT, set.timeout);
  if (set.gcInterval !== undefined) writer.u32be(NFTA_SET_GC_INTERVAL, set.gcInterval);
  if (set.userdata !== undefined) writer.bytes(NFTA_SET_USERDATA, set.userdata);
  encodeOneOrMore(writer, { one: NFTA_SET_EXPR, more: NFTA_SET_EXPRESSIONS }, set.expressions);
}

export function encodeSetReference(writer: AttributeWriter, set: SetReference): void {
  writer.string(NFTA_SET_TABLE, set.table);
  writer.string(NFTA_SET_NAME, set.name);
}

export function decodeSet(message: Message): ListedSet {
  const { family, attributes } = decodeNftables(message, NFT_MSG_NEWSET, 'set');
  return present({
    kind: 'set' as const,
    family,
    table: attributes.required(attributes.string(NFTA_SET_TABLE), 'NFTA_SET_TABLE'),
    name: attributes.required(attributes.string(NFTA_SET_NAME), 'NFTA_SET_NAME'),
    handle: attributes.required(attributes.u64be(NFTA_SET_HANDLE), 'NFTA_SET_HANDLE'),
    flags: SET_FLAGS.flags(attributes.u32be(NFTA_SET_FLAGS) ?? 0),
    keyType: attributes.required(attributes.u32be(NFTA_SET_KEY_TYPE), 'NFTA_SET_KEY_TYPE'),
    keyLength: attributes.required(attributes.u32be(NFTA_SET_KEY_LEN), 'NFTA_SET_KEY_LEN'),
    ...decodeDataType(attributes),
    objectType: attributes.u32be(NFTA_SET_OBJ_TYPE),
    id: attributes.u32be(NFTA_SET_ID),
    policy: SET_POLICIES.name(attributes.u32be(NFTA_SET_POLICY) ?? -1),
    ...decodeDescription(attributes),
    timeout: attributes.u64be(NFTA_SET_TIMEOUT),
    gcInterval: attributes.u32be(NFTA_SET_GC_INTERVAL),
    userdata: attributes.bytes(NFTA_SET_USERDATA),
    expressions: decodeOneOrMore(attributes, { one: NFTA_SET_EXPR, more: NFTA_SET_EXPRESSIONS }),
    backend: attributes.string(NFTA_SET_TYPE),
    count: attributes.u32be(NFTA_SET_COUNT),
    unknown: attributes.rest(),
  });
}

/** `nft list sets`: without their elements. */
export function dumpSets(family: Family, table?: string): Request {
  const header = { message: NFT_MSG_GETSET, flags: NLM_F_DUMP, family };
  const bytes = encodeNftables(header, writer => {
    if (table !== undefined) writer.string(NFTA_SET_TABLE, table);
  });
  return { operation: 'dump sets', subject: table, bytes };
}

/** The kernel has one attribute for a single expression and another for a list; sets and elements both use them. */
export interface OneOrMore {
  readonly one: number;
  readonly more: number;
}

export function encodeOneOrMore(
  writer: AttributeWriter,
  { one, more }: OneOrMore,
  expressions: readonly Expression[] = [],
): void {
  const [first, ...others] = expressions;
  if (first !== undefined && others.length === 0) encodeExpression(writer, one, first);
  else if (first !== undefined) encodeExpressions(writer, more, expressions);
}

export function decodeOneOrMore(attributes: Attributes, { one, more }: OneOrMore): readonly Expression[] | undefined {
  const single = attributes.nested(one);
  if (single !== undefined) return [decodeExpression(single)];
  return decodeExpressions(attributes, more);
}

/** Of a verdict map the kernel lists the size of its own struct nft_verdict as the length. */
function decodeDataType(attributes: Attributes): { dataType: number | undefined; dataLength: number | undefined } {
  const dataType = attributes.u32be(NFTA_SET_DATA_TYPE);
  const dataLength = attributes.u32be(NFTA_SET_DATA_LEN);
  return { dataType, dataLength: dataType === DATATYPES.verdict ? 0 : dataLength };
}

function encodeDescription(writer: AttributeWriter, { size, fieldLengths }: NftSet): void {
  if (size === undefined && fieldLengths === undefined) return;
  writer.nested(NFTA_SET_DESC, () => {
    if (size !== undefined) writer.u32be(NFTA_SET_DESC_SIZE, size);
    if (fieldLengths === undefined) return;
    writer.nested(NFTA_SET_DESC_CONCAT, () => {
      for (const length of fieldLengths) writer.nested(NFTA_LIST_ELEM, () => writer.u32be(NFTA_SET_FIELD_LEN, length));
    });
  });
}

function decodeDescription(attributes: Attributes): {
  size: number | undefined;
  fieldLengths: readonly number[] | undefined;
} {
  const nest = attributes.nested(NFTA_SET_DESC);
  const fieldLengths = nest
    ?.list(NFTA_SET_DESC_CONCAT)
    ?.map(field => field.required(field.u32be(NFTA_SET_FIELD_LEN), 'NFTA_SET_FIELD_LEN'));
  return { size: nest?.u32be(NFTA_SET_DESC_SIZE), fieldLengths };
}
