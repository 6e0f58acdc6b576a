// Which addresses a tunnel's probes bear, and where their answers come in.
//
//               sent into the tunnel                    the answer
//   reply       an echo reply from `target` to our end  the same packet: the other end only routes it
//   request     an echo request from our end            the echo reply of `target`
//
// Our end is `local`, to which answers come over the Internet, into the host's namespace (unidirectional), or the address
// inside the tunnel, to which they come by the tunnel (bidirectional). Without a target it is the other end: `remote`, or
// its address inside the tunnel. A Linux router drops a packet from outside whose source is one of its own IPv4 addresses
// (martian) unless accept_local is set; without it, `reply` wants a target of the network behind the router.

import { type Address, addressBits, parseAddress, printAddress } from '../net/address';
import { containsAddress, prefixAround } from '../net/prefix';
import type { MonitoredTunnel } from './monitored-tunnel';

export interface ProbePath {
  readonly kind: 'path';
  readonly icmp: 'reply' | 'request';
  readonly family: 4 | 6;
  readonly source: Address;
  readonly destination: Address;
  /** The neighbour that the packet is given to; links that are point-to-point do not look at it. */
  readonly nextHop: Address;
  /** By the tunnel, or to the host over the Internet. */
  readonly answer: 'tunnel' | 'internet';
}

/** Nothing can be probed with these addresses. */
export interface NoPath {
  readonly kind: 'none';
  readonly message: string;
  readonly cure: string;
}

export function probePath(tunnel: MonitoredTunnel): ProbePath | NoPath {
  return tunnel.health.direction === 'unidirectional' ? overInternet(tunnel) : byTunnel(tunnel);
}

function overInternet(tunnel: MonitoredTunnel): ProbePath | NoPath {
  const { local, remote, health } = tunnel;
  const target = health.target ?? remote;
  if (target.family !== local.family) {
    return none(
      `answers to ${printAddress(target)} cannot come to ${printAddress(local)}, an IPv${local.family} address`,
      'let the target be of the family of local, or direction be bidirectional',
    );
  }
  return between(tunnel, local, target, 'internet');
}

function byTunnel(tunnel: MonitoredTunnel): ProbePath | NoPath {
  const target = tunnel.health.target ?? otherEnd(tunnel);
  if (target === undefined) {
    return none(
      'the other end has no address inside the tunnel that could be known',
      'name a target, or give the tunnel an address with a prefix of /31, /30, /127 or /126',
    );
  }
  const own = tunnel.addresses.find(({ address }) => address.family === target.family)?.address;
  if (own === undefined) {
    return none(
      `the tunnel has no IPv${target.family} address to which answers could come`,
      `add one to its addresses, or let direction be unidirectional`,
    );
  }
  return between(tunnel, own, target, 'tunnel');
}

function between(
  tunnel: MonitoredTunnel,
  own: Address,
  target: Address,
  answer: 'tunnel' | 'internet',
): ProbePath | NoPath {
  const { type: icmp } = tunnel.health;
  if (icmp === 'reply' && isRefusedSource(tunnel, target)) {
    return none(
      `the kernel sends nothing from ${printAddress(target)} into a tunnel that ends there`,
      'name a target of the network behind the other end, or let type be request',
    );
  }
  const [source, destination] = icmp === 'reply' ? [target, own] : [own, target];
  return { kind: 'path', icmp, family: own.family, source, destination, nextHop: nextHop(tunnel, target), answer };
}

/** ip6_tnl_addr_conflict() of Linux, and ip6gre_xmit_ipv6(): both count an error and drop the packet. */
function isRefusedSource({ kind, remote }: MonitoredTunnel, source: Address): boolean {
  return kind !== 'vxlan' && source.family === 6 && remote.family === 6 && source.value === remote.value;
}

/** Never an address of ours: the kernel would give the packet to ourselves. */
function nextHop(tunnel: MonitoredTunnel, target: Address): Address {
  const gateway = tunnel.gateways.find(({ family }) => family === target.family);
  if (gateway !== undefined) return gateway;
  const isNeighbour = tunnel.addresses.some(({ address, prefixLength }) =>
    containsAddress(prefixAround(address, prefixLength), target),
  );
  if (isNeighbour) return target;
  const end = otherEnd(tunnel);
  if (end?.family === target.family) return end;
  // An IPv4 address is taken to be on the link where no route leads to it; IPv6 wants a route, which is always there to these.
  return target.family === 4 ? target : LINK_LOCAL;
}

const LINK_LOCAL = parseAddress('fe80::1') as Address;

/** The one other address of a prefix that has two for hosts. */
function otherEnd({ addresses }: Pick<MonitoredTunnel, 'addresses'>): Address | undefined {
  for (const { address, prefixLength } of addresses) {
    const hostBits = addressBits(address.family) - prefixLength;
    if (hostBits === 1) return { family: address.family, value: address.value ^ 1n };
    // Of four, the first and the last are no hosts'.
    const last = address.value & 3n;
    if (hostBits === 2 && (last === 1n || last === 2n)) return { family: address.family, value: address.value ^ 3n };
  }
  return undefined;
}

function none(message: string, cure: string): NoPath {
  return { kind: 'none', message, cure };
}
