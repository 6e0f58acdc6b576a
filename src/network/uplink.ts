// The link between host and account: a veth pair without addresses of a network. Each end routes to the other by a
// link-local gateway with a permanent neighbour, so that no account takes addresses and nothing is asked on the link.

import { invariant } from '../diagnostic/invariant';
import { type Address, parseAddress } from '../net/address';
import { hostPrefix, type Prefix, prefixAround } from '../net/prefix';
import { hostLinkName, linkAddress, type Names, printAlias, UPLINK } from './names';
import type { LinkAddress, LinkNeighbour, PlannedRoute, UplinkPlan } from './plan';

/** Ethernet's. */
const MTU = 1500;

type Family = 4 | 6;

/** Of each family, what the ends are called as gateways. */
const HOST_GATEWAY: Readonly<Record<Family, Address>> = { 4: address('169.254.0.1'), 6: address('fe80::1') };
const ACCOUNT_GATEWAY: Readonly<Record<Family, Address>> = { 4: address('169.254.0.2'), 6: address('fe80::2') };

/**
 * What ICMP errors of the account come from, unless a tunnel has an address. No router forwards a link-local IPv6 source
 * (RFC 4291 section 2.5.6), so that there it is a unique local one (RFC 4193) that all accounts have.
 */
const ERROR_SOURCE: Readonly<Record<Family, Address>> = { 4: ACCOUNT_GATEWAY[4], 6: address('fd4b:9a3e:71c5::2') };

/** Of the host's routes to the account, so that they are at nobody else's place. */
export const HOST_ROUTE_PRIORITY = 82;

/** Of the account's routes to the host: behind all others. */
export const LAST_RESORT_PRIORITY = 4_000_000_000;

export function uplinkPlan(names: Names, account: string): UplinkPlan {
  return {
    alias: printAlias(names, { account, link: UPLINK }),
    mtu: MTU,
    host: { name: hostLinkName(names, account), address: linkAddress(names, account, 'host') },
    account: { name: UPLINK, address: linkAddress(names, account, 'account') },
  };
}

export function uplinkAddresses(family: Family): readonly LinkAddress[] {
  const source = { link: UPLINK, address: ERROR_SOURCE[family], prefixLength: hostPrefix(ERROR_SOURCE[family]).length };
  if (family === 4) return [source];
  return [{ link: UPLINK, address: ACCOUNT_GATEWAY[6], prefixLength: 64 }, source];
}

export function neighboursInside({ host }: UplinkPlan, family: Family): LinkNeighbour {
  return { link: UPLINK, address: HOST_GATEWAY[family], linkAddress: host.address };
}

export function neighboursOutside({ host, account }: UplinkPlan, family: Family): LinkNeighbour {
  return { link: host.name, address: ACCOUNT_GATEWAY[family], linkAddress: account.address };
}

/** Everything that nothing else takes goes to the host. */
export function routeToHost(family: Family): PlannedRoute {
  const gateway = HOST_GATEWAY[family];
  return {
    kind: 'unicast',
    prefix: prefixAround(gateway, 0),
    priority: LAST_RESORT_PRIORITY,
    hops: [{ link: UPLINK, gateway, onlink: true, weight: 1 }],
  };
}

export function routeToAccount({ host }: UplinkPlan, prefix: Prefix): PlannedRoute {
  const gateway = ACCOUNT_GATEWAY[prefix.network.family];
  return {
    kind: 'unicast',
    prefix,
    priority: HOST_ROUTE_PRIORITY,
    hops: [{ link: host.name, gateway, onlink: true, weight: 1 }],
  };
}

function address(text: string): Address {
  const value = parseAddress(text);
  invariant(value !== undefined, `${text} is an address`);
  return value;
}
