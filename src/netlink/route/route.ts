// Routes: `ip route add 10.1.0.0/16 via 10.0.0.2 dev NAME table 100 metric 5`, `ip route add blackhole 10.9.0.0/16`,
// `ip route add 10.1.0.0/16 nexthop via 10.0.0.2 weight 1 nexthop via 10.0.0.3 weight 2`.

import { type Address, printAddress } from '../../net/address';
import { HOST_IS_LITTLE_ENDIAN } from '../attribute';
import { codeTable } from '../code-table';
import type { Message, Request } from '../message';
import { malformed } from '../netlink-error';
import { present } from '../present';
import { addressFamily, decodeAddress, ipBytes, ipVersion } from './ip-bytes';
import { decodeNextHops, encodeNextHops, type NextHop, RTA_GATEWAY, RTNH_F_ONLINK } from './next-hop';
import {
  ADD,
  CHANGE,
  DUMP,
  decodeRouteMessage,
  REPLACE,
  RTM_DELROUTE,
  RTM_GETROUTE,
  RTM_NEWROUTE,
  routeRequest,
} from './rtnetlink';

/** struct rtmsg: u8 family, dst_len, src_len, tos, table, protocol, scope, type; u32 flags. */
const RTMSG = 12;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_PRIORITY = 6;
const RTA_MULTIPATH = 9;
const RTA_TABLE = 15;
const RT_TABLE_UNSPEC = 0;
const RT_TABLE_MAIN = 254;
const RTPROT_UNSPEC = 0;
/** What `ip route add` says. */
const RTPROT_BOOT = 3;
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;
const RT_SCOPE_NOWHERE = 255;
const RTN_UNSPEC = 0;

/** RTN_*. */
export const ROUTE_TYPES = codeTable({
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
  throw: 9,
});
export type RouteType = (typeof ROUTE_TYPES.names)[number];

/** Those without a way out. */
const REFUSING: ReadonlySet<RouteType> = new Set(['blackhole', 'unreachable', 'prohibit', 'throw']);

export interface Route {
  /** The default route is 0.0.0.0/0 or ::/0. */
  readonly destination: Address;
  readonly prefixLength: number;
  /** 'unicast' when absent. */
  readonly type?: RouteType;
  readonly gateway?: Address;
  /** Index of the device. */
  readonly interface?: number;
  /** The gateway is on the link although no prefix there says so. */
  readonly onlink?: boolean;
  /** Two or more ways, in place of the three members above; one alone is read back as those. */
  readonly nextHops?: readonly NextHop[];
  /** 254 (main) when absent. */
  readonly table?: number;
  /** metric of ip; lower wins. Absent, IPv4 has none (0) and IPv6 1024. */
  readonly priority?: number;
  /** RTPROT_*: whose route it is. When absent, 3 (boot), as `ip route` says; deletions take any. */
  readonly protocol?: number;
}

/** What a dump says. */
export interface ListedRoute extends Route {
  readonly type: RouteType;
  readonly table: number;
  /** 2 the kernel's own, 3 ip's, 4 an administrator's. */
  readonly protocol: number;
}

export function addRoute(route: Route): Request {
  return routeMessage(RTM_NEWROUTE, ADD, 'add route', route);
}

/**
 * As add, but takes the place of the route to the same destination with the same priority, whoever made it; of IPv4 that is
 * one route, of IPv6 all its ways.
 */
export function replaceRoute(route: Route): Request {
  return routeMessage(RTM_NEWROUTE, REPLACE, 'replace route', route);
}

/**
 * Deletes the first route that has all that is given; of several ways all, where none is given. Of IPv6 a single gateway
 * takes that way alone out of the route.
 */
export function deleteRoute(route: Route): Request {
  return routeMessage(RTM_DELROUTE, CHANGE, 'delete route', route);
}

/**
 * `ip route show table all`, of one table when it is given, and by one device when its index is. ENOENT where IPv4 has no
 * such table yet.
 */
export function dumpRoutes(version: 4 | 6, table = RT_TABLE_UNSPEC, interfaceIndex = 0): Request {
  return routeRequest({ type: RTM_GETROUTE, flags: DUMP, operation: 'dump routes' }, writer => {
    writer.setU8(writer.reserve(RTMSG), addressFamily({ family: version }));
    if (table !== RT_TABLE_UNSPEC) writer.u32(RTA_TABLE, table);
    if (interfaceIndex !== 0) writer.u32(RTA_OIF, interfaceIndex);
  });
}

export function decodeRoute(message: Message): ListedRoute {
  const { header, attributes } = decodeRouteMessage(message, RTM_NEWROUTE, RTMSG);
  const version = ipVersion(header.getUint8(0));
  const type = ROUTE_TYPES.name(header.getUint8(7));
  if (version === undefined || type === undefined)
    throw malformed('route', `family ${header.getUint8(0)}, type ${header.getUint8(7)}`);
  const nextHops = attributes.bytes(RTA_MULTIPATH);
  return present({
    destination: decodeAddress(attributes, RTA_DST) ?? { family: version, value: 0n },
    prefixLength: header.getUint8(1),
    type,
    gateway: decodeAddress(attributes, RTA_GATEWAY),
    // IPv6 says that what it refuses leaves by the loopback.
    interface: REFUSING.has(type) ? undefined : attributes.u32(RTA_OIF),
    onlink: (header.getUint32(8, HOST_IS_LITTLE_ENDIAN) & RTNH_F_ONLINK) !== 0 || undefined,
    nextHops: nextHops && decodeNextHops(nextHops),
    table: attributes.u32(RTA_TABLE) ?? header.getUint8(4),
    priority: attributes.u32(RTA_PRIORITY),
    protocol: header.getUint8(5),
  });
}

function routeMessage(type: number, flags: number, operation: string, route: Route): Request {
  const subject = `${printAddress(route.destination)}/${route.prefixLength}`;
  const table = route.table ?? RT_TABLE_MAIN;
  return routeRequest({ type, flags, operation, subject }, writer => {
    const header = writer.reserve(RTMSG);
    writer.setU8(header, addressFamily(route.destination));
    writer.setU8(header + 1, route.prefixLength);
    writer.setU8(header + 4, table < 256 ? table : RT_TABLE_UNSPEC);
    const [protocol, scope, routeType] = type === RTM_DELROUTE ? ANY : whatIpSays(route);
    writer.setU8(header + 5, route.protocol ?? protocol);
    writer.setU8(header + 6, scope);
    writer.setU8(header + 7, routeType);
    writer.setU32(header + 8, route.onlink === true ? RTNH_F_ONLINK : 0);
    if (route.prefixLength > 0) writer.bytes(RTA_DST, ipBytes(route.destination));
    if (route.gateway !== undefined) writer.bytes(RTA_GATEWAY, ipBytes(route.gateway));
    if (route.interface !== undefined) writer.u32(RTA_OIF, route.interface);
    if (route.nextHops !== undefined) encodeNextHops(writer, RTA_MULTIPATH, route.nextHops);
    if (table >= 256) writer.u32(RTA_TABLE, table);
    if (route.priority !== undefined) writer.u32(RTA_PRIORITY, route.priority);
  });
}

/** Protocol, scope and type that match every route in a deletion. */
const ANY = [RTPROT_UNSPEC, RT_SCOPE_NOWHERE, RTN_UNSPEC] as const;

/** IPv4: without a gateway the destination is on the link. */
function whatIpSays(route: Route): readonly [number, number, number] {
  const { destination, type = 'unicast', gateway, nextHops = [] } = route;
  const direct = gateway === undefined && nextHops.every(hop => hop.gateway === undefined);
  const onLink = destination.family === 4 && type === 'unicast' && direct;
  return [RTPROT_BOOT, onLink ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE, ROUTE_TYPES.code(type)];
}
