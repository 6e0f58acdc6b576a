// Namespaces to measure in: each with a device in0 that the meter's packets come in by, and a chain behind the policy's
// that counts and drops what passed it.

import { openConnection } from '../src/netlink/connection';
import { createVeth, setLink } from '../src/netlink/route/link';
import { createNamespace, deleteNamespace, namespacePath } from '../src/netns/namespace';
import { writeSysctl } from '../src/netns/sysctl';
import { destroy } from '../src/reconcile/destroy';
import { run, runIn } from './process';

const RECEIVER = '02:00:00:00:00:02';

/** Of this process; `role` tells it from the others. */
export function benchNamespace(role: string): string {
  return `rampart-bench-${process.pid}-${role}`;
}

/** Runs with namespaces of those roles and removes them afterwards, the pins of policies in them too. */
export async function withNamespaces<T>(
  roles: readonly string[],
  use: (...namespaces: string[]) => Promise<T>,
): Promise<T> {
  const made: string[] = [];
  const remove = () => {
    for (const name of made.splice(0)) deleteNamespace(name);
  };
  process.once('exit', remove);
  try {
    for (const role of roles) {
      const name = benchNamespace(role);
      createNamespace(name);
      made.push(name);
      await furnish(name);
    }
    return await use(...made);
  } finally {
    for (const namespace of made) await destroy({ namespace });
    process.off('exit', remove);
    remove();
  }
}

async function furnish(name: string): Promise<void> {
  // Without IPv6 of its own the device sends no router or multicast messages that counters would count.
  writeSysctl(name, 'net/ipv6/conf/default/disable_ipv6', '1');
  const route = openConnection({ protocol: 'route', netns: namespacePath(name) });
  try {
    await route.request(createVeth({ name: 'in0', address: RECEIVER, peer: { name: 'out0' } }));
    for (const device of ['in0', 'out0']) await route.request(setLink({ name: device }, { up: true }));
  } finally {
    route.close();
  }
  await runIn(
    name,
    'nft',
    'add table ip end { chain end { type filter hook prerouting priority 0; policy drop; counter drop; }; }',
  );
}

/** Packets that passed the policy. */
export async function passedPackets(namespace: string): Promise<number> {
  const text = await runIn(namespace, 'nft', 'list', 'chain', 'ip', 'end', 'end');
  return Number(/counter packets ([0-9]+)/.exec(text)?.[1]);
}

/** `nft --version` and the like, the first line. */
export async function versionOf(command: string, parameter = '--version'): Promise<string> {
  return (await run(command, parameter)).split('\n')[0] ?? '';
}
