// The namespace that the accounts of an agent are connected to: where tunnels leave, and where packets for the accounts
// come from.

import { type Connection, openConnection } from '../netlink/connection';
import { openIn } from '../netns/socket';
import type { Target } from '../reconcile/target';

export interface Host {
  readonly target: Target;
  /** rtnetlink. One for all accounts: requests take turns. */
  readonly connection: Connection;
}

/** The caller closes it, when no network uses it any more. */
export function openHost(target: Target): Host {
  return { target, connection: openRouteConnection(target) };
}

export function closeHost({ connection }: Host): void {
  connection.close();
}

/** Throws NamespaceError for a namespace that is not there. */
export function openRouteConnection({ namespace }: Target): Connection {
  if (namespace === undefined) return openConnection({ protocol: 'route' });
  return openIn(namespace, netns => openConnection({ protocol: 'route', netns }));
}
