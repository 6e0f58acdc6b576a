// A plan tried on the kernel without being put into force: its programs are loaded and given up again, and the batch of its
// tables is validated, as by `nft --check`. Packets are judged as before throughout.

import type { ObjectCache } from '../backend/ebpf/object-cache';
import type { Connection } from '../netlink/connection';
import type { Plan } from '../plan';
import { readActual } from './actual';
import { attempt } from './attempts';
import { tableSpecs } from './classifier/install';
import type { Difference } from './difference';
import {
  beginInstallation,
  closeInstallation,
  giveBack,
  type Installation,
  install,
  installAgain,
} from './installation';
import { changeTables, differenceOf } from './policy-change';
import { type Refusal, refusalsOf } from './refusal';
import { send } from './send';
import { connect, programUser, type Target } from './target';

export interface DryRun {
  /** What applying would change; undefined where it did not come so far. */
  readonly difference: Difference | undefined;
  /** None where the kernel would take all of it. */
  readonly refusals: readonly Refusal[];
}

/** Rejects where the namespace cannot be entered or read. */
export async function dryRun(plan: Plan, target: Target, cache: ObjectCache): Promise<DryRun> {
  const connection = connect(target);
  try {
    return await dryRunOver(connection, plan, programUser(target), cache);
  } finally {
    connection.close();
  }
}

export async function dryRunOver(
  connection: Connection,
  plan: Plan,
  user: string,
  cache: ObjectCache,
): Promise<DryRun> {
  const installation = beginInstallation(plan, user, cache);
  try {
    return await validate(connection, installation);
  } finally {
    await giveBack(installation, connection).finally(() => closeInstallation(installation));
  }
}

async function validate(connection: Connection, installation: Installation): Promise<DryRun> {
  const { plan } = installation;
  let difference: Difference | undefined;
  try {
    await attempt(
      connection,
      () => readActual(connection),
      async actual => {
        await install(installation, actual);
        const specs = tableSpecs(plan, installation.classifiers);
        const change = changeTables(specs, actual, plan);
        difference = differenceOf(specs, actual, change, plan);
        const again = () => installAgain(installation);
        await send(batch => connection.validate(batch), change.operations, undefined, again);
      },
    );
    return { difference, refusals: [] };
  } catch (error) {
    const refusals = refusalsOf(error, plan);
    if (refusals === undefined) throw error;
    return { difference, refusals };
  }
}
