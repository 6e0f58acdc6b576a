// What a notification of rtnetlink is about, new or deleted, as far as it has to be known to tell whose object it is.
// Notifications of links come with any part of their attributes.

import type { Address } from '../../net/address';
import { Attributes, HOST_IS_LITTLE_ENDIAN } from '../attribute';
import type { Message } from '../message';
import { decodeAddress, ipVersion } from './ip-bytes';
import { decodeRouteMessage, RTM_NEWNEIGH } from './rtnetlink';

const IFINFOMSG = 16;
const IFLA_IFALIAS = 20;
const RTMSG = 12;
const RTA_DST = 1;
const RTA_PRIORITY = 6;
const NDMSG = 12;
/** struct ndmsg: u8 family, u8 pad, u16 pad, s32 interface index, … */
const NDMSG_INDEX = 4;
/** struct netconfmsg: u8 family, padded. */
const NETCONFMSG = 4;
const NETCONFA_IFINDEX = 1;

/** Of a link; undefined where it has none. */
export function notifiedAlias({ payload }: Message): string | undefined {
  return Attributes.of(payload.subarray(IFINFOMSG), 'notification of a link').string(IFLA_IFALIAS);
}

export interface NotifiedRoute {
  readonly network: Address;
  readonly prefixLength: number;
  /** RTPROT_*: whose it is. */
  readonly protocol: number;
  readonly priority: number;
}

/** undefined for routes of neither IPv4 nor IPv6. */
export function notifiedRoute({ payload }: Message): NotifiedRoute | undefined {
  const [family = 0, prefixLength = 0, , , , protocol = 0] = payload;
  const version = ipVersion(family);
  if (version === undefined) return undefined;
  const attributes = Attributes.of(payload.subarray(RTMSG), 'notification of a route');
  const network = decodeAddress(attributes, RTA_DST) ?? { family: version, value: 0n };
  return { network, prefixLength, protocol, priority: attributes.u32(RTA_PRIORITY) ?? 0 };
}

/** Index of the device that a neighbour is behind. */
export function notifiedNeighbourDevice(message: Message): number {
  const { header } = decodeRouteMessage(message, RTM_NEWNEIGH, NDMSG);
  return header.getInt32(NDMSG_INDEX, HOST_IS_LITTLE_ENDIAN);
}

/** Index of the device that a setting is of; negative for all and for those to come. */
export function notifiedNetconfDevice({ payload }: Message): number | undefined {
  const index = Attributes.of(payload.subarray(NETCONFMSG), 'notification of a setting').u32(NETCONFA_IFINDEX);
  return index === undefined ? undefined : index | 0;
}
