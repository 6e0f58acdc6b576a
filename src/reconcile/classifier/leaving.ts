// Rules of a classifier in force that stand elsewhere from now on, with what they have counted in it.

import { parseRuleComment } from '../../backend/nft/rule-comment';
import type { Lost } from '../lost-counts';
import type { Digests } from '../staying';
import { closeInstance, openIfThere, readCounts } from './in-force';
import type { CountedRule, SlotRecord } from './rule-record';

/** `inForce` and `wanted` are the classifier's rules before and after. Those of an instance whose pins are gone have no counts. */
export async function readLeaving(
  directory: string | undefined,
  inForce: readonly CountedRule[],
  wanted: readonly CountedRule[],
  staying: Digests,
): Promise<Lost[]> {
  if (directory === undefined) return [];
  const classified = new Set(wanted.map(({ digest }) => digest));
  const leaving = new Set(
    inForce.map(({ digest }) => digest).filter(each => !classified.has(each) && staying.has(each)),
  );
  if (leaving.size === 0) return [];
  return (await countsOf(directory)).flatMap(({ digest, comment, packets, bytes }) => {
    const ref = parseRuleComment(comment)?.ref;
    if (ref === undefined || !leaving.has(digest)) return [];
    return [{ digest, ref, object: `classified ${digest}`, packets, bytes }];
  });
}

/** What they have counted since. */
export async function readLast(directory: string | undefined, leaving: readonly Lost[]): Promise<Lost[]> {
  if (directory === undefined || leaving.length === 0) return [];
  const now = new Map((await countsOf(directory)).map(count => [count.digest, count]));
  return leaving.flatMap(before => {
    const last = now.get(before.digest);
    if (last === undefined) return [];
    return [{ ...before, packets: last.packets - before.packets, bytes: last.bytes - before.bytes }];
  });
}

async function countsOf(directory: string): Promise<readonly SlotRecord[]> {
  const instance = openIfThere(directory);
  if (instance === undefined) return [];
  try {
    return await readCounts(instance);
  } finally {
    closeInstance(instance);
  }
}
