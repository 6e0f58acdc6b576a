// Named counters: `nft add counter ip t c { comment "…"; }`, counted by rules (`counter name "c"`) and by object maps.
// They keep their values while the rules around them come and go.

import type { Attribute } from '../attribute';
import type { AttributeWriter } from '../attribute-writer';
import { type Message, NLM_F_DUMP, type Request } from '../message';
import { present } from '../present';
import { type CounterValues, decodeCounterValues, encodeCounter } from './expression/counter';
import { OBJECT_COUNTER } from './expression/objref';
import { decodeNftables, encodeNftables, type Family, NFT_MSG_GETOBJ, NFT_MSG_NEWOBJ } from './nfgenmsg';

const NFTA_OBJ_TABLE = 1;
const NFTA_OBJ_NAME = 2;
const NFTA_OBJ_TYPE = 3;
const NFTA_OBJ_DATA = 4;
const NFTA_OBJ_USE = 5;
const NFTA_OBJ_HANDLE = 6;
const NFTA_OBJ_USERDATA = 8;

export interface CounterObjectReference {
  readonly kind: 'counter_object';
  readonly family: Family;
  readonly table: string;
  readonly name: string;
}

export interface CounterObject extends CounterObjectReference, CounterValues {
  readonly userdata?: Uint8Array;
}

/** What a dump says. */
export interface ListedCounterObject extends CounterObject {
  readonly handle: bigint;
  /** Rules and elements that refer to it. */
  readonly use: number;
  readonly unknown?: readonly Attribute[];
}

export function encodeCounterObject(writer: AttributeWriter, counter: CounterObject): void {
  encodeCounterObjectReference(writer, counter);
  if (counter.userdata !== undefined) writer.bytes(NFTA_OBJ_USERDATA, counter.userdata);
  writer.nested(NFTA_OBJ_DATA, () => encodeCounter(writer, counter));
}

export function encodeCounterObjectReference(writer: AttributeWriter, counter: CounterObjectReference): void {
  writer.string(NFTA_OBJ_TABLE, counter.table);
  writer.string(NFTA_OBJ_NAME, counter.name);
  writer.u32be(NFTA_OBJ_TYPE, OBJECT_COUNTER);
}

/** undefined for objects of another type: quotas, limits and the like. */
export function decodeCounterObject(message: Message): ListedCounterObject | undefined {
  const { family, attributes } = decodeNftables(message, NFT_MSG_NEWOBJ, 'object');
  if (attributes.u32be(NFTA_OBJ_TYPE) !== OBJECT_COUNTER) return undefined;
  const state = attributes.required(attributes.nested(NFTA_OBJ_DATA), 'NFTA_OBJ_DATA');
  return present({
    kind: 'counter_object' as const,
    family,
    table: attributes.required(attributes.string(NFTA_OBJ_TABLE), 'NFTA_OBJ_TABLE'),
    name: attributes.required(attributes.string(NFTA_OBJ_NAME), 'NFTA_OBJ_NAME'),
    ...decodeCounterValues(state),
    handle: attributes.required(attributes.u64be(NFTA_OBJ_HANDLE), 'NFTA_OBJ_HANDLE'),
    use: attributes.required(attributes.u32be(NFTA_OBJ_USE), 'NFTA_OBJ_USE'),
    userdata: attributes.bytes(NFTA_OBJ_USERDATA),
    unknown: attributes.rest(),
  });
}

/** `nft list counters [table ip t]`; read only, the values are never reset. */
export function dumpCounterObjects(family: Family, table?: string): Request {
  const header = { message: NFT_MSG_GETOBJ, flags: NLM_F_DUMP, family };
  const bytes = encodeNftables(header, writer => {
    if (table !== undefined) writer.string(NFTA_OBJ_TABLE, table);
    writer.u32be(NFTA_OBJ_TYPE, OBJECT_COUNTER);
  });
  return { operation: 'dump counters', subject: table, bytes };
}
