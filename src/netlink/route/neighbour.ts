// Static neighbour entries: `ip neighbour add 10.0.0.2 lladdr 02:00:00:00:00:02 dev NAME nud permanent`.

import { type Address, printAddress } from '../../net/address';
import { HOST_IS_LITTLE_ENDIAN } from '../attribute';
import type { Message, Request } from '../message';
import { present } from '../present';
import { addressFamily, decodeAddress, ipBytes } from './ip-bytes';
import { macBytes, macText } from './mac';
import {
  CHANGE,
  DUMP,
  decodeRouteMessage,
  REPLACE,
  RTM_DELNEIGH,
  RTM_GETNEIGH,
  RTM_NEWNEIGH,
  routeRequest,
} from './rtnetlink';

/** struct ndmsg: u8 family, u8 pad, u16 pad, s32 interface index, u16 state, u8 flags, u8 type. */
const NDMSG = 12;
const NDA_DST = 1;
const NDA_LLADDR = 2;
const NDA_IFINDEX = 8;
const NUD_PERMANENT = 0x80;

export interface NeighbourReference {
  /** Index of the device. */
  readonly interface: number;
  readonly address: Address;
}

export interface Neighbour extends NeighbourReference {
  /** MAC as 02:00:00:00:00:02. */
  readonly linkAddress: string;
}

/** What a dump says: also entries that the kernel learned or is still asking for. */
export interface ListedNeighbour extends NeighbourReference {
  readonly linkAddress?: string;
  readonly permanent: boolean;
}

/** `ip neighbour replace … nud permanent`. */
export function replaceNeighbour(neighbour: Neighbour): Request {
  return neighbourRequest(
    { type: RTM_NEWNEIGH, flags: REPLACE, operation: 'replace neighbour' },
    neighbour,
    neighbour.linkAddress,
  );
}

/** `ip neighbour delete`. */
export function deleteNeighbour(neighbour: NeighbourReference): Request {
  return neighbourRequest({ type: RTM_DELNEIGH, flags: CHANGE, operation: 'delete neighbour' }, neighbour);
}

/** `ip neighbour show`, of one device when its index is given. */
export function dumpNeighbours(version: 4 | 6, interfaceIndex = 0): Request {
  return routeRequest({ type: RTM_GETNEIGH, flags: DUMP, operation: 'dump neighbours' }, writer => {
    writer.setU8(writer.reserve(NDMSG), addressFamily({ family: version }));
    if (interfaceIndex !== 0) writer.u32(NDA_IFINDEX, interfaceIndex);
  });
}

export function decodeNeighbour(message: Message): ListedNeighbour {
  const { header, attributes } = decodeRouteMessage(message, RTM_NEWNEIGH, NDMSG);
  const linkAddress = attributes.bytes(NDA_LLADDR);
  return present({
    interface: header.getInt32(4, HOST_IS_LITTLE_ENDIAN),
    address: attributes.required(decodeAddress(attributes, NDA_DST), 'NDA_DST'),
    linkAddress: linkAddress && macText(linkAddress),
    permanent: (header.getUint16(8, HOST_IS_LITTLE_ENDIAN) & NUD_PERMANENT) !== 0,
  });
}

function neighbourRequest(
  request: { readonly type: number; readonly flags: number; readonly operation: string },
  { interface: index, address }: NeighbourReference,
  linkAddress?: string,
): Request {
  return routeRequest({ ...request, subject: printAddress(address) }, writer => {
    const header = writer.reserve(NDMSG);
    writer.setU8(header, addressFamily(address));
    writer.setU32(header + 4, index);
    writer.setU16(header + 8, NUD_PERMANENT);
    writer.bytes(NDA_DST, ipBytes(address));
    if (linkAddress !== undefined) writer.bytes(NDA_LLADDR, macBytes(linkAddress));
  });
}
