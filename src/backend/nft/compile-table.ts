// A family's stages as one nft table: the phase's base chain with the rules of each stage, the chains that these jump to,
// the sets and maps they look into, and where one reads transport headers, the rules once more for fragments.

import { type Load, test } from '../../ir/formula';
import { readsTransport } from '../../ir/later-fragment';
import { universe } from '../../net/interval-set';
import type { PacketFamily } from '../../packet/packet';
import type { Stage } from '../../stage/stage';
import { type LoweredStage, lowerForLaterFragments, lowerStage, readsTransportHeader } from './lower-stage';
import type { Backend, RuleOptions } from './rule';
import type { NftChain, NftRule, NftSet, NftTable } from './table';

/** NF_IP_PRI_RAW (linux/netfilter_ipv4.h): before connection tracking, so that no packet makes an entry. */
const NF_IP_PRI_RAW = -300;
export const TABLE = 'rampart';
/** In the table's user data: a table of our name without it is somebody else's. */
export const TABLE_COMMENT = 'rampart';
/** The base chain bears the name of the phase it runs. */
export const BASE_CHAIN = 'magic_transit';

const FIRST_THREE_BYTES: Load = { kind: 'bytes', segment: 'transport', from: 'start', offset: 0, length: 3 };
/** The rules for fragments that are not a packet's first. */
export const LATER_CHAIN = 'later_fragments';
/** IPv6 alone: tells the one from the other where there is a fragment header. */
const FRAGMENT_CHAIN = 'fragments';
const TO_LATER_FRAGMENTS: NftRule = {
  matches: [{ kind: 'later_fragment' }],
  counter: false,
  verdict: { kind: 'goto', chain: LATER_CHAIN },
};

export interface CompiledTable {
  readonly table: NftTable;
  /** By stage, of each of its rules; none where no packet comes to it. */
  readonly backends: readonly (readonly Backend[])[];
}

export function compileTable(stages: readonly Stage[], options: Omit<RuleOptions, 'prefix'>): CompiledTable {
  const { family } = options;
  const drawn = stages.map(stage => lowerStage(stage, options));
  const divided =
    stages.some(stage => stage.kind === 'verdict_map' && readsTransportHeader(stage)) ||
    drawn.some(readsTransportHeaders);
  const base = {
    name: BASE_CHAIN,
    hook: { hook: 'prerouting', priority: NF_IP_PRI_RAW, policy: 'accept' },
    rules: [...(divided ? [fragmentRule(family)] : []), ...drawn.flatMap(each => each.base)],
  } as const;
  const later = divided ? laterFragments(stages, options) : [];
  const chains: readonly NftChain[] = [base, ...drawn.flatMap(each => each.chains), ...later];
  const maps = drawn.flatMap(each => each.maps);
  const table = { family, name: TABLE, comment: TABLE_COMMENT, sets: setsOf(chains), maps, chains };
  return { table, backends: drawn.map(each => each.backends) };
}

export function readsTransportHeaders({ base, chains }: LoweredStage): boolean {
  const read = ({ matches }: NftRule) => matches.some(match => match.kind === 'test' && readsTransport(match.test));
  return base.some(read) || chains.some(({ rules }) => rules.some(read));
}

/**
 * The same rules for later fragments alone. nft_payload_fast_eval does not look at the fragment offset (up to Linux 6.18
 * at the least, where nft_payload_eval does): a load of 1, 2 or 4 bytes would take a fragment's data for a header.
 */
function laterFragments(stages: readonly Stage[], options: Omit<RuleOptions, 'prefix'>): NftChain[] {
  const drawn = stages.map(stage => lowerForLaterFragments(stage, options));
  const end: NftRule = { matches: [], counter: false, verdict: { kind: 'accept' } };
  const entry = { name: LATER_CHAIN, rules: [...drawn.flatMap(({ base }) => base), end] };
  return [...(options.family === 'ip6' ? [FRAGMENTS] : []), entry, ...drawn.flatMap(({ chains }) => chains)];
}

function fragmentRule(family: PacketFamily): NftRule {
  if (family === 'ip') return TO_LATER_FRAGMENTS;
  return { matches: [{ kind: 'fragment_header' }], counter: false, verdict: { kind: 'jump', chain: FRAGMENT_CHAIN } };
}

/**
 * A second fragment header could make a packet a later fragment although its first says offset 0. A load of three bytes
 * takes the careful way through nf_tables, which fails in every later fragment: only where it succeeds is there a header.
 */
const FRAGMENTS: NftChain = {
  name: FRAGMENT_CHAIN,
  rules: [
    TO_LATER_FRAGMENTS,
    {
      matches: [{ kind: 'test', test: test(FIRST_THREE_BYTES, universe(24)) }],
      counter: false,
      verdict: { kind: 'return' },
    },
    { matches: [], counter: false, verdict: { kind: 'goto', chain: LATER_CHAIN } },
  ],
};

export function setsOf(chains: readonly NftChain[]): NftSet[] {
  const sets = new Map<string, NftSet>();
  for (const { rules } of chains) {
    for (const { matches } of rules) {
      for (const match of matches) {
        if (match.kind === 'test' && match.set !== undefined) sets.set(match.set.name, match.set);
      }
    }
  }
  return [...sets.values()];
}
