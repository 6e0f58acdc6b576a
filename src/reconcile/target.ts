// The namespace that a policy goes into: a named one as `ip netns` knows it, or the one that the process runs in.

import { readlinkSync } from 'node:fs';
import { type Connection, openConnection } from '../netlink/connection';
import { namespaceExists } from '../netns/namespace';
import { openIn } from '../netns/socket';

export interface Target {
  /** undefined: the process's own. */
  readonly namespace: string | undefined;
}

/** Throws NamespaceError for a name that is none, or that nothing has. The caller closes the connection. */
export function connect({ namespace }: Target): Connection {
  if (namespace === undefined) return openConnection({ protocol: 'netfilter' });
  return openIn(namespace, netns => openConnection({ protocol: 'netfilter', netns }));
}

/** The target's name among the users of programs; unlike a namespace's, it has no dots, which bpffs refuses. */
export function programUser({ namespace }: Target): string {
  if (namespace !== undefined) return `name-${encodeURIComponent(namespace).replaceAll('.', '%2E')}`;
  return `inode-${/[0-9]+/.exec(readlinkSync('/proc/self/ns/net'))?.[0]}`;
}

/** Whether a user of programs is a named namespace that is gone. */
export function isGone(user: string): boolean {
  return user.startsWith('name-') && !namespaceExists(decodeURIComponent(user.slice('name-'.length)));
}
