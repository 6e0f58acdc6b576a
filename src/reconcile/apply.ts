// Puts a plan into force in one namespace: programs first, then the tables at once, then what neither needs any more.
// Before the tables' transaction the old policy filters, after it the new one, whatever fails or is killed in between.
// Run again with the same plan it changes nothing.

import type { ObjectCache } from '../backend/ebpf/object-cache';
import type { Connection } from '../netlink/connection';
import { isStaleGeneration } from '../netlink/netlink-error';
import type { Plan } from '../plan';
import { removeBridge } from './bridge';
import type { Difference } from './difference';
import { beginInstallation, closeInstallation, giveBack, type Installation, settle } from './installation';
import { type Replaced, replace } from './replace';
import { NOTHING_SAVED, type SavedCounts } from './saved-counts';
import { connect, programUser, type Target } from './target';

export interface Applied {
  readonly version: string;
  readonly previous: string | undefined;
  readonly difference: Difference;
  readonly loaded: readonly string[];
}

/** Rules that were not in force go on from what is `saved` of them. */
export async function apply(
  plan: Plan,
  target: Target,
  cache: ObjectCache,
  saved: SavedCounts = NOTHING_SAVED,
): Promise<Applied> {
  const connection = connect(target);
  const installation = beginInstallation(plan, programUser(target), cache, saved);
  try {
    return (await putInForce(connection, installation)).applied;
  } finally {
    closeInstallation(installation);
    connection.close();
  }
}

/** Reads what the kernel has, and sends what differs. `generation` is the one that it left. */
export async function putInForce(
  connection: Connection,
  installation: Installation,
  put: (connection: Connection, installation: Installation) => Promise<Replaced> = replace,
): Promise<{ readonly applied: Applied } & Pick<Replaced, 'generation' | 'earlier'>> {
  const replaced = await orGiveBack(installation, connection, () => replaceAlone(connection, installation, put));
  await settle(installation, connection);
  const { plan, loaded } = installation;
  const { difference, previous, generation, earlier } = replaced;
  return { applied: { version: plan.version, previous, difference, loaded }, generation, earlier };
}

/** Also without the bridge that a rebuilding, this one or one that was killed, has left. */
async function replaceAlone(
  connection: Connection,
  installation: Installation,
  put: (connection: Connection, installation: Installation) => Promise<Replaced>,
): Promise<Replaced> {
  let replaced = await put(connection, installation);
  for (let attempts = 1; ; attempts++) {
    try {
      return await removeBridge(connection, installation.plan, replaced);
    } catch (error) {
      if (!isStaleGeneration(error) || attempts === MOST_ATTEMPTS) throw error;
      replaced = await replace(connection, installation);
    }
  }
}

/** Others that change the ruleset all the time may be in the way. */
const MOST_ATTEMPTS = 100;

async function orGiveBack<T>(installation: Installation, connection: Connection, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // What stays because the kernel does not answer goes with the next apply; the first failure says more.
    await giveBack(installation, connection).catch(() => undefined);
    throw error;
  }
}
