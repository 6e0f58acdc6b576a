// The header of every nf_tables message (struct nfgenmsg: u8 family, u8 version 0, u16 resource id in network order)
// and the message types of the subsystem.

import { Attributes } from '../attribute';
import type { AttributeWriter } from '../attribute-writer';
import { codeTable } from '../code-table';
import { encodeMessage, type Message, openMessage } from '../message';
import { malformed } from '../netlink-error';

/** NFPROTO_* (linux/netfilter.h), spelled as nft spells them. */
export const FAMILIES = codeTable({ unspec: 0, inet: 1, ip: 2, arp: 3, netdev: 5, bridge: 7, ip6: 10 });
export type Family = (typeof FAMILIES.names)[number];

export const NFNL_SUBSYS_NFTABLES = 10;
export const NFGENMSG = 4;

export const NFT_MSG_NEWTABLE = 0;
export const NFT_MSG_GETTABLE = 1;
export const NFT_MSG_DELTABLE = 2;
export const NFT_MSG_NEWCHAIN = 3;
export const NFT_MSG_GETCHAIN = 4;
export const NFT_MSG_DELCHAIN = 5;
export const NFT_MSG_NEWRULE = 6;
export const NFT_MSG_GETRULE = 7;
export const NFT_MSG_DELRULE = 8;
export const NFT_MSG_NEWSET = 9;
export const NFT_MSG_GETSET = 10;
export const NFT_MSG_DELSET = 11;
export const NFT_MSG_NEWSETELEM = 12;
export const NFT_MSG_GETSETELEM = 13;
export const NFT_MSG_DELSETELEM = 14;
export const NFT_MSG_NEWGEN = 15;
export const NFT_MSG_GETGEN = 16;
export const NFT_MSG_NEWOBJ = 18;
export const NFT_MSG_GETOBJ = 19;
export const NFT_MSG_DELOBJ = 20;
/** Deletions that find nothing and are content; since Linux 6.3. */
export const NFT_MSG_DESTROYTABLE = 26;
export const NFT_MSG_DESTROYCHAIN = 27;
export const NFT_MSG_DESTROYRULE = 28;
export const NFT_MSG_DESTROYSET = 29;
export const NFT_MSG_DESTROYSETELEM = 30;
export const NFT_MSG_DESTROYOBJ = 31;

export interface NftablesHeader {
  /** NFT_MSG_*. */
  readonly message: number;
  /** NLM_F_*. */
  readonly flags: number;
  readonly family: Family;
}

/** Begins a message, as openMessage(). */
export function openNftables(writer: AttributeWriter, { message, flags, family }: NftablesHeader): number {
  const start = openMessage(writer, nftablesType(message), flags);
  writer.setU8(writer.reserve(NFGENMSG), FAMILIES.code(family));
  return start;
}

export function encodeNftables(header: NftablesHeader, write: (writer: AttributeWriter) => void): Uint8Array {
  return encodeMessage(nftablesType(header.message), header.flags, writer => {
    writer.setU8(writer.reserve(NFGENMSG), FAMILIES.code(header.family));
    write(writer);
  });
}

/** nlmsg_type of an NFT_MSG_*. */
export function nftablesType(message: number): number {
  return (NFNL_SUBSYS_NFTABLES << 8) | message;
}

/** `message` must be of the type that the caller decodes. */
export function decodeNftables(
  message: Message,
  expected: number,
  place: string,
): { family: Family; attributes: Attributes } {
  if (message.type !== nftablesType(expected)) throw malformed(place, `the message has type ${message.type}`);
  const code = message.payload[0];
  const family = code === undefined ? undefined : FAMILIES.name(code);
  if (family === undefined || message.payload.length < NFGENMSG) throw malformed(place, `the family is ${code}`);
  return { family, attributes: Attributes.of(message.payload.subarray(NFGENMSG), place) };
}
