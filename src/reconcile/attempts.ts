// Changes that others get in the way of: a ruleset that changed since it was read, a table that another process's socket
// owns for a moment (the kernel gives it up a little after that process has closed it), an answer that found no room: what
// was asked for may be done or not. All pass; so read again, and try.

import { setTimeout } from 'node:timers/promises';
import type { Connection } from '../netlink/connection';
import { isLost, isStaleGeneration } from '../netlink/netlink-error';
import type { ActualRules, InBothFamilies } from './actual';

const ATTEMPTS = 100;
const PAUSE_MS = 20;

/** `change` is given what `read` read; it is run again while its failure is one that passes, two seconds at the most. */
export async function attempt<A extends InBothFamilies<ActualRules>, T>(
  connection: Connection,
  read: () => Promise<A>,
  change: (actual: A, attempts: number) => Promise<T>,
): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    const actual = await read();
    try {
      return await change(actual, attempts);
    } catch (error) {
      const held = isHeld(actual, connection);
      if (attempts === ATTEMPTS || !(held || isStaleGeneration(error) || isLost(error))) throw error;
      if (held) await setTimeout(PAUSE_MS);
    }
  }
}

/** Others cannot change the tables then, only their own ones: what was read of them still is. */
export function isOwn({ ip, ip6 }: InBothFamilies<ActualRules>, connection: Connection): boolean {
  return ip?.table.owner === connection.portId && ip6?.table.owner === connection.portId;
}

function isHeld({ ip, ip6 }: InBothFamilies<ActualRules>, connection: Connection): boolean {
  return [ip?.table.owner, ip6?.table.owner].some(owner => owner !== undefined && owner !== connection.portId);
}
