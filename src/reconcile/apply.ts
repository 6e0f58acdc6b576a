// Puts a plan into force in one namespace: programs first, then the tables at once, then what neither needs any more.
// Before the tables' transaction the old policy filters, after it the new one, whatever fails or is killed in between.
// Run again with the same plan it changes nothing.

import type { ObjectCache } from '../backend/ebpf/object-cache';
import type { Plan } from '../plan';
import { type ActualRules, type InBothFamilies, programsOf, readActualRules } from './actual';
import type { Difference } from './difference';
import { installPrograms, releasePrograms } from './programs';
import { replace } from './replace';
import { connect, programUser, type Target } from './target';

export interface Applied {
  readonly version: string;
  readonly previous: string | undefined;
  readonly difference: Difference;
  readonly loaded: readonly string[];
}

export async function apply(plan: Plan, target: Target, cache: ObjectCache): Promise<Applied> {
  const connection = connect(target);
  const user = programUser(target);
  try {
    // A table that is not ours is found before anything is loaded for it.
    const before = await readActualRules(connection);
    const install = () => installPrograms(plan.programs.values(), user, cache);
    const { loaded, replaced } = await orGiveBack(user, before, async () => ({
      loaded: await install(),
      replaced: await replace(connection, plan, install),
    }));
    releasePrograms(user, plan.programs.keys());
    return {
      version: plan.version,
      previous: before.ip?.policy?.version,
      difference: replaced,
      loaded,
    };
  } finally {
    connection.close();
  }
}

/** On failure the pins that were made are given up again; the programs of the policy in force keep theirs. */
async function orGiveBack<T>(user: string, before: InBothFamilies<ActualRules>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    releasePrograms(user, programsOf(before));
    throw error;
  }
}
