// What the nft backend makes of a ruleset: tables, chains, rules and sets as plain data that can be printed, compared
// and encoded. Nothing here has touched a socket.

import type { Load, Test } from '../../ir/formula';
import type { IntervalSet } from '../../net/interval-set';
import type { DatatypeName } from '../../netlink/nftables/datatype';
import type { PacketFamily } from '../../packet/packet';

export interface NftTable {
  readonly family: PacketFamily;
  readonly name: string;
  readonly comment: string;
  readonly sets: readonly NftSet[];
  readonly maps: readonly NftVerdictMap[];
  /** The base chain first. */
  readonly chains: readonly NftChain[];
}

export interface NftSet {
  /** Content-addressed: two sets of one name have the same elements, so a set in use never has to change. */
  readonly name: string;
  readonly key: SetKey;
  readonly values: IntervalSet;
  /** False: single values only, kept in a hash table. */
  readonly interval: boolean;
}

/** A hash table from values to verdicts. Its name stays while its elements change. */
export interface NftVerdictMap {
  readonly name: string;
  /** Concatenated. */
  readonly key: readonly SetKey[];
  /** In any order. */
  readonly elements: readonly MapElement[];
  /** Where it was made from another map's elements: which those are, and the places where they differ. */
  readonly change?: { readonly from: readonly MapElement[]; readonly slots: readonly number[] };
}

/** Each has a counter of its own. */
export interface MapElement {
  /** The values one after the other, each padded with NUL behind it to a multiple of 4 bytes. */
  readonly key: Uint8Array;
  readonly verdict: 'drop' | 'accept';
  readonly comment: string;
  /** Of the rule (ir/rule-digest.ts). */
  readonly digest: string;
}

export interface SetKey {
  /** nft's name for how keys are printed; `integer` where it has none, and then `load` says what a key is. */
  readonly datatype: DatatypeName;
  /** Bytes. */
  readonly length: number;
  readonly load: Load;
}

export interface NftChain {
  readonly name: string;
  /** Base chains only. */
  readonly hook?: { readonly hook: 'prerouting'; readonly priority: number; readonly policy: 'accept' };
  readonly comment?: string;
  readonly rules: readonly NftRule[];
}

/** Matches from left to right, then what is done when all of them hold. */
export interface NftRule {
  readonly matches: readonly Match[];
  readonly counter: boolean;
  readonly log?: { readonly group: number; readonly prefix: string };
  readonly verdict?: Verdict;
  readonly comment?: string;
  /** Of the policy's rule that it counts for (ir/rule-digest.ts). */
  readonly digest?: string;
}

export type Match = TestMatch | ProgramMatch | ClassifierMatch | LaterFragmentMatch | FragmentHeaderMatch;

export interface TestMatch {
  readonly kind: 'test';
  readonly test: Test;
  /** The set that the values lie in, where they are no single range. */
  readonly set?: NftSet;
}

/** xt_bpf: the pinned program returns non-zero. */
export interface ProgramMatch {
  readonly kind: 'program';
  /** Content hash, the last part of the pin's path. */
  readonly program: string;
}

/** xt_bpf: the table's classifier, which stands at a path that only reconcile/ knows. */
export interface ClassifierMatch {
  readonly kind: 'classifier';
  /** `verdict` runs it; the others read what it noted of this packet: that it is to be dropped, that a rule matched. */
  readonly part: 'verdict' | 'dropped' | { readonly logged: number };
}

/** A fragment that is not the packet's first; in IPv6 by its first fragment header. */
export interface LaterFragmentMatch {
  readonly kind: 'later_fragment';
}

/** An IPv6 packet with a fragment header of any kind. */
export interface FragmentHeaderMatch {
  readonly kind: 'fragment_header';
}

export type Verdict =
  | { readonly kind: 'drop' | 'accept' | 'return' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  /** The verdict of the map's element, if there is one; otherwise the rule ends here. */
  | { readonly kind: 'vmap'; readonly map: string; readonly key: readonly SetKey[] };
