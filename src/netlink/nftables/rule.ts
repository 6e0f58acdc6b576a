// Rules: `nft add rule ip t c … comment "…"`, `nft insert rule`, `nft replace rule … handle N`, `nft list chain`.

import type { Attribute, Attributes } from '../attribute';
import { attributePath } from '../attribute-path';
import type { AttributeWriter } from '../attribute-writer';
import { type Message, NLM_F_DUMP, NLMSG_HEADER, type Request } from '../message';
import { present } from '../present';
import { decodeExpressions, type Expression, encodeExpressions } from './expression/expression';
import { decodeNftables, encodeNftables, type Family, NFGENMSG, NFT_MSG_GETRULE, NFT_MSG_NEWRULE } from './nfgenmsg';
import { encodeComment } from './userdata';

const NFTA_RULE_TABLE = 1;
const NFTA_RULE_CHAIN = 2;
const NFTA_RULE_HANDLE = 3;
const NFTA_RULE_EXPRESSIONS = 4;
const NFTA_RULE_COMPAT = 5;
const NFTA_RULE_POSITION = 6;
const NFTA_RULE_USERDATA = 7;
const NFTA_RULE_COMPAT_PROTO = 1;
const NFTA_RULE_COMPAT_FLAGS = 2;
const NFT_RULE_COMPAT_F_INV = 2;

export interface RuleReference {
  readonly kind: 'rule';
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
  /** Given by the kernel; what a rule is replaced and deleted by. */
  readonly handle?: bigint;
}

export interface Rule extends RuleReference {
  readonly expressions: readonly Expression[];
  /** Handle of the rule after which (add) or before which (insert) this one goes. */
  readonly position?: bigint;
  /** Tells iptables matches what iptables would: the upper-layer protocol (0 = any) that the rule tests elsewhere. */
  readonly compat?: RuleCompat;
  readonly userdata?: Uint8Array;
  /** In place of user data, which is then nothing else. */
  readonly comment?: string;
  /** Behind the comment; see encodeComment(). */
  readonly tag?: string;
}

export interface RuleCompat {
  readonly protocol: number;
  readonly invert: boolean;
}

/** What a dump says. */
export interface ListedRule extends Rule {
  readonly handle: bigint;
  readonly unknown?: readonly Attribute[];
}

export function encodeRule(writer: AttributeWriter, rule: Rule): void {
  encodeRuleReference(writer, rule);
  encodeExpressions(writer, NFTA_RULE_EXPRESSIONS, rule.expressions);
  if (rule.compat !== undefined) encodeCompat(writer, rule.compat);
  if (rule.position !== undefined) writer.u64be(NFTA_RULE_POSITION, rule.position);
  if (rule.comment !== undefined) encodeComment(writer, NFTA_RULE_USERDATA, rule.comment, rule.tag);
  else if (rule.userdata !== undefined) writer.bytes(NFTA_RULE_USERDATA, rule.userdata);
}

export function encodeRuleReference(writer: AttributeWriter, rule: RuleReference): void {
  writer.string(NFTA_RULE_TABLE, rule.table);
  writer.string(NFTA_RULE_CHAIN, rule.chain);
  if (rule.handle !== undefined) writer.u64be(NFTA_RULE_HANDLE, rule.handle);
}

/** Names every rule of a table, for `nft flush table`. */
export function encodeRulesOfTable(writer: AttributeWriter, table: string): void {
  writer.string(NFTA_RULE_TABLE, table);
}

/** Names every rule of a chain, for `nft flush chain`. */
export function encodeRulesOfChain(writer: AttributeWriter, table: string, chain: string): void {
  writer.string(NFTA_RULE_TABLE, table);
  writer.string(NFTA_RULE_CHAIN, chain);
}

/** `position` of a listed rule is the handle of the rule before it. */
export function decodeRule(message: Message): ListedRule {
  const { family, attributes } = decodeNftables(message, NFT_MSG_NEWRULE, 'rule');
  return present({
    kind: 'rule' as const,
    family,
    table: attributes.required(attributes.string(NFTA_RULE_TABLE), 'NFTA_RULE_TABLE'),
    chain: attributes.required(attributes.string(NFTA_RULE_CHAIN), 'NFTA_RULE_CHAIN'),
    handle: attributes.required(attributes.u64be(NFTA_RULE_HANDLE), 'NFTA_RULE_HANDLE'),
    expressions: decodeExpressions(attributes, NFTA_RULE_EXPRESSIONS) ?? [],
    compat: decodeCompat(attributes),
    position: attributes.u64be(NFTA_RULE_POSITION),
    userdata: attributes.bytes(NFTA_RULE_USERDATA),
    unknown: attributes.rest(),
  });
}

/** `nft list table ip t` or `nft list chain ip t c`: only the rules; without a table those of the whole family. */
export function dumpRules(family: Family, table?: string, chain?: string): Request {
  const header = { message: NFT_MSG_GETRULE, flags: NLM_F_DUMP, family };
  const bytes = encodeNftables(header, writer => {
    if (table !== undefined) writer.string(NFTA_RULE_TABLE, table);
    if (chain !== undefined) writer.string(NFTA_RULE_CHAIN, chain);
  });
  return { operation: 'dump rules', subject: [table, chain].filter(name => name !== undefined).join(' '), bytes };
}

/** Which expression of a sent rule the byte at `offset` belongs to, from 0; undefined when it is outside of them. */
export function expressionAt(message: Uint8Array, offset: number): number | undefined {
  const [outer, inner] = attributePath(message, NLMSG_HEADER + NFGENMSG, offset);
  return outer?.type === NFTA_RULE_EXPRESSIONS ? inner?.index : undefined;
}

function encodeCompat(writer: AttributeWriter, { protocol, invert }: RuleCompat): void {
  writer.nested(NFTA_RULE_COMPAT, () => {
    writer.u32be(NFTA_RULE_COMPAT_PROTO, protocol);
    writer.u32be(NFTA_RULE_COMPAT_FLAGS, invert ? NFT_RULE_COMPAT_F_INV : 0);
  });
}

function decodeCompat(attributes: Attributes): RuleCompat | undefined {
  const nest = attributes.nested(NFTA_RULE_COMPAT);
  if (nest === undefined) return undefined;
  const protocol = nest.required(nest.u32be(NFTA_RULE_COMPAT_PROTO), 'NFTA_RULE_COMPAT_PROTO');
  return { protocol, invert: ((nest.u32be(NFTA_RULE_COMPAT_FLAGS) ?? 0) & NFT_RULE_COMPAT_F_INV) !== 0 };
}
