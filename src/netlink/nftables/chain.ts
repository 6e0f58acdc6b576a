// Chains: `nft add chain ip t c` and, with a hook, `nft add chain ip t c { type filter hook prerouting priority -300;
// policy accept; }`.

import type { Attribute, Attributes } from '../attribute';
import type { AttributeWriter } from '../attribute-writer';
import { codeTable, flagTable, type UnknownBits } from '../code-table';
import { type Message, NLM_F_DUMP, type Request } from '../message';
import { present } from '../present';
import { decodeNftables, encodeNftables, type Family, NFT_MSG_GETCHAIN, NFT_MSG_NEWCHAIN } from './nfgenmsg';

const NFTA_CHAIN_TABLE = 1;
const NFTA_CHAIN_HANDLE = 2;
const NFTA_CHAIN_NAME = 3;
const NFTA_CHAIN_HOOK = 4;
const NFTA_CHAIN_POLICY = 5;
const NFTA_CHAIN_USE = 6;
const NFTA_CHAIN_TYPE = 7;
const NFTA_CHAIN_FLAGS = 10;
const NFTA_CHAIN_USERDATA = 12;
const NFTA_HOOK_HOOKNUM = 1;
const NFTA_HOOK_PRIORITY = 2;

/** The kernel adds the base flag of chains with a hook itself. */
export const CHAIN_FLAGS = flagTable({ base: 1, offload: 2, binding: 4 });
export type ChainFlag = (typeof CHAIN_FLAGS.names)[number] | UnknownBits;

export const CHAIN_TYPES = ['filter', 'route', 'nat'] as const;
export type ChainType = (typeof CHAIN_TYPES)[number];

/** enum nf_inet_hooks: the families ip, ip6, inet and bridge. */
export const HOOKS = codeTable({ prerouting: 0, input: 1, forward: 2, output: 3, postrouting: 4, ingress: 5 });
export type Hook = (typeof HOOKS.names)[number];

export const POLICIES = codeTable({ drop: 0, accept: 1 });
export type Policy = (typeof POLICIES.names)[number];

export interface ChainReference {
  readonly kind: 'chain';
  readonly family: Family;
  readonly table: string;
  readonly name: string;
}

export interface Chain extends ChainReference {
  /** Only base chains have one. */
  readonly base?: BaseChain;
  readonly userdata?: Uint8Array;
}

export interface BaseChain {
  readonly type: ChainType;
  readonly hook: Hook;
  /** Lower runs earlier; raw is -300, filter 0. */
  readonly priority: number;
  readonly policy: Policy;
}

/** What a dump says. */
export interface ListedChain extends Chain {
  readonly handle: bigint;
  /** Rules in it and jumps to it. */
  readonly use: number;
  readonly flags: readonly ChainFlag[];
  /** Also the whole hook of a chain that BaseChain cannot describe (netdev and arp). */
  readonly unknown?: readonly Attribute[];
}

export function encodeChain(writer: AttributeWriter, chain: Chain): void {
  encodeChainReference(writer, chain);
  const { base } = chain;
  if (base !== undefined) {
    writer.string(NFTA_CHAIN_TYPE, base.type);
    writer.u32be(NFTA_CHAIN_POLICY, POLICIES.code(base.policy));
    writer.nested(NFTA_CHAIN_HOOK, () => {
      writer.u32be(NFTA_HOOK_HOOKNUM, HOOKS.code(base.hook));
      writer.s32be(NFTA_HOOK_PRIORITY, base.priority);
    });
  }
  if (chain.userdata !== undefined) writer.bytes(NFTA_CHAIN_USERDATA, chain.userdata);
}

export function encodeChainReference(writer: AttributeWriter, chain: ChainReference): void {
  writer.string(NFTA_CHAIN_TABLE, chain.table);
  writer.string(NFTA_CHAIN_NAME, chain.name);
}

export function decodeChain(message: Message): ListedChain {
  const { family, attributes } = decodeNftables(message, NFT_MSG_NEWCHAIN, 'chain');
  return present({
    kind: 'chain' as const,
    family,
    table: attributes.required(attributes.string(NFTA_CHAIN_TABLE), 'NFTA_CHAIN_TABLE'),
    name: attributes.required(attributes.string(NFTA_CHAIN_NAME), 'NFTA_CHAIN_NAME'),
    handle: attributes.required(attributes.u64be(NFTA_CHAIN_HANDLE), 'NFTA_CHAIN_HANDLE'),
    use: attributes.required(attributes.u32be(NFTA_CHAIN_USE), 'NFTA_CHAIN_USE'),
    flags: CHAIN_FLAGS.flags(attributes.u32be(NFTA_CHAIN_FLAGS) ?? 0),
    base: decodeBase(family, attributes),
    userdata: attributes.bytes(NFTA_CHAIN_USERDATA),
    unknown: attributes.rest(),
  });
}

/** `nft list chains [family]`: the kernel has no filter by table here. */
export function dumpChains(family: Family = 'unspec'): Request {
  const header = { message: NFT_MSG_GETCHAIN, flags: NLM_F_DUMP, family };
  return { operation: 'dump chains', bytes: encodeNftables(header, () => {}) };
}

/** undefined for regular chains and for the hooks of netdev and arp, which stay among the unknown attributes. */
function decodeBase(family: Family, attributes: Attributes): BaseChain | undefined {
  if (!attributes.has(NFTA_CHAIN_HOOK) || family === 'netdev' || family === 'arp') return undefined;
  const nest = attributes.required(attributes.nested(NFTA_CHAIN_HOOK), 'NFTA_CHAIN_HOOK');
  const typeName = attributes.string(NFTA_CHAIN_TYPE);
  const type = CHAIN_TYPES.find(known => known === typeName);
  return {
    type: nest.required(type, 'NFTA_CHAIN_TYPE'),
    hook: nest.required(HOOKS.name(nest.u32be(NFTA_HOOK_HOOKNUM) ?? -1), 'NFTA_HOOK_HOOKNUM'),
    priority: nest.required(nest.s32be(NFTA_HOOK_PRIORITY), 'NFTA_HOOK_PRIORITY'),
    policy: nest.required(POLICIES.name(attributes.u32be(NFTA_CHAIN_POLICY) ?? -1), 'NFTA_CHAIN_POLICY'),
  };
}
