// A plan's tables into the kernel: reads what is there, and sends what differs for the generation that was read. New sets
// of intervals go ahead, where no rule names them yet (transaction.ts says why); all else is one transaction.

import { TABLE } from '../backend/nft/compile-table';
import type { Connection } from '../netlink/connection';
import type { Batch } from '../netlink/nftables/batch';
import { nextGeneration } from '../netlink/nftables/generation';
import type { PacketFamily } from '../packet/packet';
import type { Plan } from '../plan';
import { type Actual, classifiersOf, type InBothFamilies, readActual } from './actual';
import { attempt, isOwn } from './attempts';
import { commitCarrying } from './carried-counts';
import { type InstalledClassifiers, tableSpecs } from './classifier/install';
import { readLast, readLeaving } from './classifier/leaving';
import { currentGeneration } from './current-generation';
import type { Difference } from './difference';
import type { EarlierCounts } from './earlier-counts';
import { type Installation, install, installAgain } from './installation';
import { changeTables, differenceOf, hasOperations, intervalSets, type OtherCounts, type Specs } from './policy-change';
import { send } from './send';
import { stayingRules } from './staying';
import type { Ownership } from './transaction';

interface Read extends Actual {
  readonly generation: number;
}

export interface Replaced {
  readonly difference: Difference;
  /** Version that was in force before. */
  readonly previous: string | undefined;
  /** Of the ruleset with the plan in force. */
  readonly generation: number;
  /** What its rules had counted elsewhere. */
  readonly earlier: InBothFamilies<EarlierCounts>;
}

/** Which tables, and how they become what the plan asks for. */
export interface Replacing {
  readonly table: string;
  readonly way: 'change' | 'renew';
  readonly specs: (plan: Plan, classifiers: InstalledClassifiers) => Specs;
}

const IN_PLACE: Replacing = { table: TABLE, way: 'change', specs: tableSpecs };

/** With what `installation` has or makes for it. */
export async function replace(
  connection: Connection,
  installation: Installation,
  { table, way, specs: specsOf }: Replacing = IN_PLACE,
): Promise<Replaced> {
  const { plan } = installation;
  const again = () => installAgain(installation);
  const read = async (): Promise<Read> => ({
    generation: await currentGeneration(connection),
    ...(await readActual(connection, table)),
  });
  /** What the first attempt found: a later one may find some of it done. */
  let found: Omit<Replaced, 'generation' | 'earlier'> | undefined;
  return attempt(connection, read, async (actual, attempts) => {
    // A table that is not ours has been found before anything is loaded for it.
    await install(installation, actual);
    const specs = specsOf(plan, installation.classifiers);
    const commit = (batch: Batch) => connection.commitWithEcho(batch);
    let counts = await otherCounts(installation, actual, specs);
    let change = changeTables(specs, actual, plan, counts, way);
    found ??= { difference: differenceOf(specs, actual, change, plan), previous: actual.ip?.policy?.version };
    let { generation } = actual;
    if (way === 'change' && hasOperations(intervalSets(specs, actual))) {
      // What the kernel would refuse as a whole must not leave sets behind. Asking takes it long; others may go on.
      await send(batch => connection.validate(batch), change.operations, undefined, again);
      const current = await read();
      await send(commit, intervalSets(specs, current), current.generation, again);
      const ready = await read();
      counts = await otherCounts(installation, ready, specs);
      change = changeTables(specs, ready, plan, counts);
      generation = ready.generation;
    }
    const earlier = await commitCarrying(
      change.carried(),
      async (part, more) => {
        const operations = (ownership: Ownership) => [
          ...(part === 'corrections' ? [] : change[part](ownership)),
          ...more,
        ];
        // Others may change tables of theirs faster than ours are read.
        const guard = attempts > MOST_OVERTAKEN && isOwn(actual, connection) ? undefined : generation;
        const echoed = await send(commit, operations, guard, again);
        if (echoed !== undefined) generation = nextGeneration(generation);
        return echoed ?? [];
      },
      () => lastCounts(actual, counts),
    );
    return { ...found, generation, earlier };
  });
}

const MOST_OVERTAKEN = 5;

/** With counts of rules that leave their classifier. */
async function otherCounts({ plan, saved, gone }: Installation, actual: Actual, specs: Specs): Promise<OtherCounts> {
  const directories = classifiersOf(actual);
  const staying = stayingRules(plan.ruleset.rules, gone, saved.size > 0);
  const leaving = (family: PacketFamily) => {
    return readLeaving(directories[family], actual[family]?.classified ?? [], specs[family].classified, staying);
  };
  return { leaving: { ip: await leaving('ip'), ip6: await leaving('ip6') }, saved, gone };
}

async function lastCounts(actual: Actual, { leaving }: OtherCounts): Promise<OtherCounts['leaving']> {
  const directories = classifiersOf(actual);
  return {
    ip: await readLast(directories.ip, leaving.ip ?? []),
    ip6: await readLast(directories.ip6, leaving.ip6 ?? []),
  };
}
