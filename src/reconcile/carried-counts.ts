// The counts of rules that stay, carried over a change of what they are in the kernel. As read before it they are in force
// with it, so that a reader never sees less; what packets have counted between the reading and the commit the kernel tells
// when it deletes the objects, and it is added after that. Lost is at the most what a packet counts that was in the middle of
// the old rule when this went: one for each processor and commit.

import type { Message } from '../netlink/message';
import type { BatchOperation } from '../netlink/nftables/batch-operation';
import { decodeLastCounts } from '../netlink/nftables/last-count';
import { bothFamilies, FAMILIES } from '../packet/families';
import type { PacketFamily } from '../packet/packet';
import type { InBothFamilies } from './actual';
import {
  type Count,
  changeEarlierCounts,
  type EarlierCount,
  type EarlierCounts,
  NO_EARLIER_COUNTS,
} from './earlier-counts';
import { type Losing, type Lost, objectOf } from './lost-counts';
import type { Staying } from './staying';

/** Of one table. */
export interface Carried {
  readonly table: string;
  /** undefined: the table has no set of them. */
  readonly before: EarlierCounts | undefined;
  /** With the batch that puts the policy into force. */
  readonly during: EarlierCounts;
  /** With the one behind it. */
  readonly behind: EarlierCounts;
  /** Objects that go with either batch. */
  readonly lost: readonly Lost[];
  readonly staying: Staying;
}

type ByFamily<T> = Readonly<Record<PacketFamily, T>>;
export type Part = 'operations' | 'afterwards' | 'corrections';

/** Of the rules that count on: what goes is added to what had gone before. */
export function addLost(before: EarlierCounts, lost: readonly Lost[], staying: Staying): EarlierCounts {
  if (before.size + lost.length === 0) return NO_EARLIER_COUNTS;
  const counts = new Map<string, EarlierCount>();
  for (const [digest, count] of before) {
    if (goesOn(digest, count, staying)) counts.set(digest, { ...count, isKept: staying.isKept(digest) });
  }
  for (const { digest, ref, packets, bytes } of lost) {
    if (packets === 0n && bytes === 0n) continue;
    const { packets: p, bytes: b } = counts.get(digest) ?? NOTHING;
    counts.set(digest, { ref, isKept: staying.isKept(digest), packets: p + packets, bytes: b + bytes });
  }
  return counts;
}

export function goesOn(digest: string, { isKept }: Pick<EarlierCount, 'isKept'>, staying: Staying): boolean {
  return staying.has(digest) && (!isKept || staying.takesKept);
}

const NOTHING: Count = { packets: 0n, bytes: 0n };

export function carriedCounts(
  table: string,
  before: EarlierCounts | undefined,
  { lost, lostAfterwards }: Pick<Losing, 'lost' | 'lostAfterwards'>,
  staying: Staying,
): Carried {
  const during = addLost(before ?? NO_EARLIER_COUNTS, lost, staying);
  const behind = addLost(during, lostAfterwards, staying);
  return { table, before, during, behind, lost: [...lost, ...lostAfterwards], staying };
}

/** For the batch that puts the policy into force. */
export function changeDuring(family: PacketFamily, { table, before, during }: Carried): BatchOperation[] {
  return changeEarlierCounts({ family, name: table }, before, during);
}

/**
 * Commits the batches of a change, with the counts added to those behind the first. `commit` resolves to what the kernel
 * echoes; `lastCounts` is asked when no rule leads to the classifiers before any more, for what they have counted after they
 * were read.
 */
export async function commitCarrying(
  carried: ByFamily<Carried>,
  commit: (part: Part, more: readonly BatchOperation[]) => Promise<readonly Message[]>,
  lastCounts: () => Promise<InBothFamilies<readonly Lost[]>>,
): Promise<InBothFamilies<EarlierCounts>> {
  const echoed = await commit('operations', []);
  const classified = await lastCounts();
  const behind = bothFamilies(family => {
    const late = [...lateCounts(family, carried[family], echoed), ...(classified[family] ?? [])];
    return addLost(carried[family].behind, late, carried[family].staying);
  });
  const here = bothFamilies(family => present(carried[family].before, carried[family].during));
  const echoedBehind = await commit('afterwards', changes(carried, here, behind));
  const last = bothFamilies(family => {
    return addLost(behind[family], lateCounts(family, carried[family], echoedBehind), carried[family].staying);
  });
  const there = bothFamilies(family => present(here[family], behind[family]));
  await commit('corrections', changes(carried, there, last));
  return bothFamilies(family => present(there[family], last[family]));
}

function changes(
  carried: ByFamily<Carried>,
  before: InBothFamilies<EarlierCounts>,
  after: ByFamily<EarlierCounts>,
): BatchOperation[] {
  return FAMILIES.flatMap(family => {
    return changeEarlierCounts({ family, name: carried[family].table }, before[family], after[family]);
  });
}

/** A set of them is made with the first, and stays. */
function present(before: EarlierCounts | undefined, now: EarlierCounts): EarlierCounts | undefined {
  return before === undefined && now.size === 0 ? undefined : now;
}

/** What the objects have counted after they were read. */
function lateCounts(family: PacketFamily, { lost }: Carried, echoed: readonly Message[]): Lost[] {
  if (echoed.length === 0 || lost.length === 0) return [];
  const read = new Map(lost.map(each => [each.object, each]));
  return echoed.flatMap(decodeLastCounts).flatMap(last => {
    const before = last.family === family ? read.get(objectOf(last)) : undefined;
    if (before === undefined) return [];
    return [{ ...before, packets: last.packets - before.packets, bytes: last.bytes - before.bytes }];
  });
}
