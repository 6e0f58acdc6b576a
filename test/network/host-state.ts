// Everything of a namespace that an account's network could leave behind, as text to compare.

import { listNamespaces } from '../../src/netns/namespace';
import type { World } from './world';

const COMMANDS = [
  'ip -o link',
  'ip -o address',
  'ip route show table all',
  'ip -6 route show table all',
  'ip rule; ip -6 rule',
  'ip neighbour show nud permanent',
  'nft list ruleset',
  'sysctl net.ipv4.conf net.ipv6.conf net.ipv4.ip_forward net.ipv4.fib_multipath_hash_policy',
];

export function hostState(world: World, role = 'host'): string {
  return world.run(role, 'sh', '-c', COMMANDS.join('\n'));
}

/** What is soon looked up: the names of the world's namespaces, and the host's links, routes and tables. */
export function outerState(world: World): string {
  const namespaces = listNamespaces().filter(name => name.startsWith(world.space('')));
  const commands = 'ip -o link; ip route show table all; ip -6 route show table all; nft list tables';
  return [...namespaces, world.run('host', 'sh', '-c', commands)].join('\n');
}
