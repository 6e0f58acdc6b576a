// A plan's tables into the kernel: reads what is there, and sends what differs for the generation that was read. New sets
// of intervals go ahead, where no rule names them yet (transaction.ts says why); all else is one transaction.

import type { Connection } from '../netlink/connection';
import type { Batch } from '../netlink/nftables/batch';
import { nextGeneration } from '../netlink/nftables/generation';
import { type Actual, readActual } from './actual';
import { attempt } from './attempts';
import { tableSpecs } from './classifier/install';
import { currentGeneration } from './current-generation';
import type { Difference } from './difference';
import { type Installation, install, installAgain } from './installation';
import { changeTables, differenceOf, hasOperations, intervalSets } from './policy-change';
import { send } from './send';

interface Read extends Actual {
  readonly generation: number;
}

export interface Replaced {
  readonly difference: Difference;
  /** Version that was in force before. */
  readonly previous: string | undefined;
  /** Of the ruleset with the plan in force. */
  readonly generation: number;
}

/** With what `installation` has or makes for it. */
export async function replace(connection: Connection, installation: Installation): Promise<Replaced> {
  const { plan } = installation;
  const again = () => installAgain(installation);
  const read = async (): Promise<Read> => ({
    generation: await currentGeneration(connection),
    ...(await readActual(connection)),
  });
  /** What the first attempt found: a later one may find some of it done. */
  let found: Omit<Replaced, 'generation'> | undefined;
  return attempt(connection, read, async actual => {
    // A table that is not ours has been found before anything is loaded for it.
    await install(installation, actual);
    const specs = tableSpecs(plan, installation.classifiers);
    const commit = (batch: Batch) => connection.commit(batch);
    let change = changeTables(specs, actual, plan.keys);
    found ??= { difference: differenceOf(specs, actual, change, plan), previous: actual.ip?.policy?.version };
    let { generation } = actual;
    if (hasOperations(intervalSets(specs, actual))) {
      // What the kernel would refuse as a whole must not leave sets behind. Asking takes it long; others may go on.
      await send(batch => connection.validate(batch), change.operations, undefined, again);
      const current = await read();
      await send(commit, intervalSets(specs, current), current.generation, again);
      const ready = await read();
      change = changeTables(specs, ready, plan.keys);
      generation = ready.generation;
    }
    for (const operations of [change.operations, change.afterwards]) {
      if (await send(commit, operations, generation, again)) generation = nextGeneration(generation);
    }
    return { ...found, generation };
  });
}
