// How many neighbours the kernel keeps (arp(7), gc_thresh3): one table a family for all namespaces of the machine. A VXLAN
// tunnel has one for each gateway that is probed or routed by; beyond the limit packets to others are dropped. Permanent
// ones, as links to accounts have, do not count.

import { readFileSync } from 'node:fs';
import { type Finding, findingOf, no, yes } from '../probe';

/** A thousand accounts with two tunnels, and as much again for all others. */
const ENOUGH = 4096;

export function askNeighbourTable(): Finding {
  try {
    return judgeNeighbourTable(limitOf('ipv4'), limitOf('ipv6'));
  } catch (error) {
    // The settings are those of the first namespace alone.
    return findingOf(error, []);
  }
}

function limitOf(family: 'ipv4' | 'ipv6'): number {
  return Number(readFileSync(`/proc/sys/net/${family}/neigh/default/gc_thresh3`, 'latin1'));
}

export function judgeNeighbourTable(ipv4: number, ipv6: number): Finding {
  const detail = `${ipv4} of IPv4, ${ipv6} of IPv6`;
  return Math.min(ipv4, ipv6) >= ENOUGH ? yes(detail) : no(detail);
}
