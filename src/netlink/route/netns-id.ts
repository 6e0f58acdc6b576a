// By which number the socket's namespace knows another (`linkNetnsId` of a link): `ip netns list-id`.

import type { Message, Request } from '../message';
import { CHANGE, decodeRouteMessage, RTM_GETNSID, RTM_NEWNSID, routeRequest } from './rtnetlink';

/** struct rtgenmsg, u8 family, padded. */
const RTGENMSG = 4;
const NETNSA_NSID = 1;
const NETNSA_FD = 3;
const NETNSA_NSID_NOT_ASSIGNED = 0xffffffff;

/** One message to decode. `netns` is an open descriptor of the other namespace. */
export function getNetnsId(netns: number): Request {
  return routeRequest({ type: RTM_GETNSID, flags: CHANGE, operation: 'get the id of a network namespace' }, writer => {
    writer.reserve(RTGENMSG);
    writer.u32(NETNSA_FD, netns);
  });
}

/** undefined where it has none, because no device here has its other end there. */
export function decodeNetnsId(message: Message): number | undefined {
  const { attributes } = decodeRouteMessage(message, RTM_NEWNSID, RTGENMSG);
  const id = attributes.required(attributes.u32(NETNSA_NSID), 'NETNSA_NSID');
  return id === NETNSA_NSID_NOT_ASSIGNED ? undefined : id;
}
