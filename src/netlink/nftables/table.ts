// Tables: `nft add table ip rampart { flags dormant; comment "…"; }`, `nft list tables`.

import type { Attribute } from '../attribute';
import type { AttributeWriter } from '../attribute-writer';
import { flagTable, type UnknownBits } from '../code-table';
import { type Message, NLM_F_DUMP, type Request } from '../message';
import { present } from '../present';
import { decodeNftables, encodeNftables, type Family, NFT_MSG_GETTABLE, NFT_MSG_NEWTABLE } from './nfgenmsg';

const NFTA_TABLE_NAME = 1;
const NFTA_TABLE_FLAGS = 2;
const NFTA_TABLE_USE = 3;
const NFTA_TABLE_HANDLE = 4;
const NFTA_TABLE_USERDATA = 6;
const NFTA_TABLE_OWNER = 7;

/** owner: only the socket that made the table may change it; persist (Linux 6.9): it outlives that socket. */
export const TABLE_FLAGS = flagTable({ dormant: 1, owner: 2, persist: 4 });
export type TableFlag = (typeof TABLE_FLAGS.names)[number] | UnknownBits;

export interface TableReference {
  readonly kind: 'table';
  readonly family: Family;
  readonly name: string;
}

export interface Table extends TableReference {
  readonly flags?: readonly TableFlag[];
  readonly userdata?: Uint8Array;
}

/** What a dump says. */
export interface ListedTable extends Table {
  readonly handle: bigint;
  /** Chains, sets and objects in it. */
  readonly use: number;
  /** Port id of the netlink socket that owns it. */
  readonly owner?: number;
  readonly unknown?: readonly Attribute[];
}

export function encodeTable(writer: AttributeWriter, table: Table): void {
  writer.string(NFTA_TABLE_NAME, table.name);
  writer.u32be(NFTA_TABLE_FLAGS, TABLE_FLAGS.bits(table.flags ?? []));
  if (table.userdata !== undefined) writer.bytes(NFTA_TABLE_USERDATA, table.userdata);
}

export function encodeTableReference(writer: AttributeWriter, table: TableReference): void {
  writer.string(NFTA_TABLE_NAME, table.name);
}

export function decodeTable(message: Message): ListedTable {
  const { family, attributes } = decodeNftables(message, NFT_MSG_NEWTABLE, 'table');
  const flags = TABLE_FLAGS.flags(attributes.u32be(NFTA_TABLE_FLAGS) ?? 0);
  return present({
    kind: 'table' as const,
    family,
    name: attributes.required(attributes.string(NFTA_TABLE_NAME), 'NFTA_TABLE_NAME'),
    flags: flags.length === 0 ? undefined : flags,
    userdata: attributes.bytes(NFTA_TABLE_USERDATA),
    handle: attributes.required(attributes.u64be(NFTA_TABLE_HANDLE), 'NFTA_TABLE_HANDLE'),
    use: attributes.required(attributes.u32be(NFTA_TABLE_USE), 'NFTA_TABLE_USE'),
    owner: attributes.u32be(NFTA_TABLE_OWNER),
    unknown: attributes.rest(),
  });
}

/** `nft list tables [family]`. */
export function dumpTables(family: Family = 'unspec'): Request {
  const header = { message: NFT_MSG_GETTABLE, flags: NLM_F_DUMP, family };
  return { operation: 'dump tables', bytes: encodeNftables(header, () => {}) };
}
