// What an account's network needs of nf_tables: TCP announces no segments that a tunnel has no room for, and what comes out
// of tunnels is not forwarded where it is not to be. A table of its own beside that of the rules, in the family's tables.

import type { Chain } from '../netlink/nftables/chain';
import type { Expression } from '../netlink/nftables/expression/expression';
import { NFT_REG_1 } from '../netlink/nftables/expression/register';
import type { Rule } from '../netlink/nftables/rule';
import { NETWORK_TABLE, UPLINK } from './names';
import type { Clamp, NetworkPlan } from './plan';

export type PacketFamily = 'ip' | 'ip6';

export interface PacketTable {
  readonly family: PacketFamily;
  /** None: no table. */
  readonly chains: readonly Chain[];
  readonly rules: readonly Rule[];
}

/** nft's `mangle` and `filter`. */
const MANGLE = -150;
const FILTER = 0;

const VERSION = { ip: 4, ip6: 6 } as const;

export function packetTable(family: PacketFamily, { clamps, unforwarded }: NetworkPlan): PacketTable {
  const clamped = clamps.filter(clamp => clamp.family === VERSION[family]).flatMap(clamp => clampRules(family, clamp));
  const dropped = unforwarded === 'all-but-uplink' ? [dropRule(family, 'neq', UPLINK)] : dropRules(family, unforwarded);
  return {
    family,
    chains: [
      ...(dropped.length > 0 ? [baseChain(family, 'unforwarded', FILTER)] : []),
      ...(clamped.length > 0 ? [baseChain(family, 'clamp', MANGLE)] : []),
    ],
    rules: [...dropped, ...clamped],
  };
}

function baseChain(family: PacketFamily, name: string, priority: number): Chain {
  const base = { type: 'filter', hook: 'forward', priority, policy: 'accept' } as const;
  return { kind: 'chain', family, table: NETWORK_TABLE, name, base };
}

function dropRules(family: PacketFamily, links: readonly string[]): Rule[] {
  return links.map(link => dropRule(family, 'eq', link));
}

/** `iifname LINK drop`, or `iifname != LINK drop`. */
function dropRule(family: PacketFamily, operator: 'eq' | 'neq', link: string): Rule {
  return {
    kind: 'rule',
    family,
    table: NETWORK_TABLE,
    chain: 'unforwarded',
    comment: operator === 'eq' ? `from ${link}` : `from all but ${link}`,
    expressions: [...interfaceIs('iifname', operator, link), { kind: 'verdict', verdict: { code: 'drop' } }],
  };
}

/** `tcp flags & (syn | rst) == syn iifname LINK tcp option maxseg size set N`, and the same of oifname. */
function clampRules(family: PacketFamily, { link, segment }: Clamp): Rule[] {
  return (['iifname', 'oifname'] as const).map(key => ({
    kind: 'rule',
    family,
    table: NETWORK_TABLE,
    chain: 'clamp',
    comment: `${key === 'iifname' ? 'from' : 'to'} ${link}`,
    expressions: [...interfaceIs(key, 'eq', link), ...IS_TCP_SYN, ...setSegment(segment)],
  }));
}

function interfaceIs(key: 'iifname' | 'oifname', operator: 'eq' | 'neq', name: string): readonly Expression[] {
  const value = new Uint8Array(16);
  value.set(Buffer.from(name));
  return [
    { kind: 'meta', key, destination: NFT_REG_1 },
    { kind: 'cmp', source: NFT_REG_1, operator, value },
  ];
}

const IPPROTO_TCP = 6;
/** FIN 1, SYN 2, RST 4. */
const SYN = 0x02;
const SYN_AND_RST = 0x06;

const IS_TCP_SYN: readonly Expression[] = [
  { kind: 'meta', key: 'l4proto', destination: NFT_REG_1 },
  { kind: 'cmp', source: NFT_REG_1, operator: 'eq', value: Uint8Array.of(IPPROTO_TCP) },
  { kind: 'payload', base: 'transport', offset: 13, length: 1, destination: NFT_REG_1 },
  {
    kind: 'bitwise',
    source: NFT_REG_1,
    destination: NFT_REG_1,
    length: 1,
    mask: Uint8Array.of(SYN_AND_RST),
    xor: Uint8Array.of(0),
  },
  { kind: 'cmp', source: NFT_REG_1, operator: 'eq', value: Uint8Array.of(SYN) },
];

/** RFC 9293 section 3.2: option 2, of which the value stands behind kind and length. */
const MAXSEG = 2;

function setSegment(segment: number): readonly Expression[] {
  return [
    { kind: 'immediate', destination: NFT_REG_1, value: Uint8Array.of(segment >> 8, segment & 0xff) },
    { kind: 'exthdr_set', protocol: 'tcp_option', type: MAXSEG, offset: 2, length: 2, source: NFT_REG_1 },
  ];
}
