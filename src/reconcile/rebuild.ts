// A policy into force where its tables cannot be changed into what it asks for: beside them a bridge with the new policy,
// then they are deleted and made anew, then the bridge goes. Nothing that both policies drop passes in between: deleting and
// making a base chain in one transaction leaves a moment with neither, and then the bridge filters. Counts are kept.

import { TABLE } from '../backend/nft/compile-table';
import type { Connection } from '../netlink/connection';
import { BESIDE } from './bridge';
import { tableSpecs } from './classifier/install';
import { beginInstallation, closeInstallation, type Installation } from './installation';
import { type Replaced, type Replacing, replace } from './replace';

const ANEW: Replacing = { table: TABLE, way: 'renew', specs: tableSpecs };

/** The bridge is still there afterwards; what is killed in between leaves it to the next apply. */
export async function rebuildTables(connection: Connection, installation: Installation): Promise<Replaced> {
  const { plan, user, cache } = installation;
  const beside = beginInstallation(plan, user, cache);
  try {
    await replace(connection, beside, BESIDE);
    return await replace(connection, installation, ANEW);
  } finally {
    closeInstallation(beside);
  }
}
