// The network namespace in which probes make tables and devices, and connections into it.

import { type Connection, type ConnectionOptions, openConnection } from '../netlink/connection';
import { createNamespace, deleteNamespace, namespacePath } from '../netns/namespace';
import type { Scratch } from './scratch';

/** Made by the first probe that asks. Its tables and devices go with it. */
export function scratchNamespace(scratch: Scratch): string {
  if (scratch.namespace === undefined) {
    createNamespace(scratch.name);
    scratch.namespace = scratch.name;
    scratch.removals.push({ what: `network namespace ${scratch.name}`, remove: () => deleteNamespace(scratch.name) });
  }
  return scratch.namespace;
}

/** Closes the connection afterwards. */
export async function inScratchNamespace<T>(
  scratch: Scratch,
  protocol: ConnectionOptions['protocol'],
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = openConnection({ protocol, netns: namespacePath(scratchNamespace(scratch)) });
  try {
    return await use(connection);
  } finally {
    connection.close();
  }
}
