// Forwarding database of a VXLAN: which other end a station's frames go to, and by the address of zeros those of all
// stations that nothing else is said of: `bridge fdb append 00:00:00:00:00:00 dev NAME dst 192.0.2.2 self`.

import type { Address } from '../../net/address';
import { HOST_IS_LITTLE_ENDIAN } from '../attribute';
import { type Message, NLM_F_ACK, NLM_F_APPEND, NLM_F_CREATE, type Request } from '../message';
import { present } from '../present';
import { decodeAddress, ipBytes } from './ip-bytes';
import { macBytes, macText } from './mac';
import { CHANGE, DUMP, decodeRouteMessage, RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH, routeRequest } from './rtnetlink';

/** struct ndmsg: u8 family, u8 pad, u16 pad, s32 interface index, u16 state, u8 flags, u8 type. */
const NDMSG = 12;
const AF_BRIDGE = 7;
const NDA_DST = 1;
const NDA_LLADDR = 2;
const NDA_PORT = 6;
const NDA_VNI = 7;
const NDA_IFINDEX = 8;
const NDA_NH_ID = 13;
const NUD_NOARP = 0x40;
const NUD_PERMANENT = 0x80;
/** Of the device itself; others are of the bridge that it is in. */
const NTF_SELF = 0x02;

/** Of all stations that have no entry of their own. */
export const ANY_STATION = '00:00:00:00:00:00';

/** Where frames go. A station may have several entries, each of which gets a copy; all that tells them apart is here. */
export interface FdbEntry {
  /** Index of the device. */
  readonly interface: number;
  /** MAC of the station. */
  readonly linkAddress: string;
  /** Outer address of the other end. */
  readonly remote?: Address;
  /** UDP port and VNI, where they are not the device's. */
  readonly port?: number;
  readonly vni?: number;
  /** Index of the device that the outer packets leave by, where that is said. */
  readonly via?: number;
  /** Id of a group of next hops, instead of all these. */
  readonly nextHop?: number;
}

export interface ListedFdbEntry extends FdbEntry {
  /** Others are forgotten after a while. */
  readonly permanent: boolean;
}

/** `bridge fdb append … self`: beside those of the station that are there; what is there becomes permanent. */
export function appendFdbEntry(entry: FdbEntry): Request {
  const flags = NLM_F_ACK | NLM_F_CREATE | NLM_F_APPEND;
  return fdbRequest({ type: RTM_NEWNEIGH, flags, operation: 'append fdb entry' }, entry);
}

/** `bridge fdb delete … self`; without `remote` all entries of the station. */
export function deleteFdbEntry(entry: FdbEntry): Request {
  return fdbRequest({ type: RTM_DELNEIGH, flags: CHANGE, operation: 'delete fdb entry' }, entry);
}

/** `bridge fdb show dev NAME`; also of the bridge that the device is in. */
export function dumpFdb(interfaceIndex: number): Request {
  return routeRequest({ type: RTM_GETNEIGH, flags: DUMP, operation: 'dump fdb' }, writer => {
    writer.setU8(writer.reserve(NDMSG), AF_BRIDGE);
    writer.u32(NDA_IFINDEX, interfaceIndex);
  });
}

/** undefined for those of a bridge. */
export function decodeFdbEntry(message: Message): ListedFdbEntry | undefined {
  const { header, attributes } = decodeRouteMessage(message, RTM_NEWNEIGH, NDMSG);
  const linkAddress = attributes.bytes(NDA_LLADDR);
  if (!isOfDevice(header)) return undefined;
  return present({
    interface: header.getInt32(4, HOST_IS_LITTLE_ENDIAN),
    linkAddress: macText(attributes.required(linkAddress, 'NDA_LLADDR')),
    remote: decodeAddress(attributes, NDA_DST),
    port: attributes.u16be(NDA_PORT),
    vni: attributes.u32(NDA_VNI),
    via: attributes.u32(NDA_IFINDEX),
    nextHop: attributes.u32(NDA_NH_ID),
    permanent: isStatic(header),
  });
}

/** Whether a notification of a neighbour is of such an entry, and one that no device has learned of a frame by itself. */
export function isSetFdbEntry(message: Message): boolean {
  const { header, attributes } = decodeRouteMessage(message, RTM_NEWNEIGH, NDMSG);
  if (!isOfDevice(header)) return false;
  const linkAddress = attributes.bytes(NDA_LLADDR);
  return isStatic(header) || (linkAddress !== undefined && macText(linkAddress) === ANY_STATION);
}

function isOfDevice(header: DataView): boolean {
  return header.getUint8(0) === AF_BRIDGE && (header.getUint8(10) & NTF_SELF) !== 0;
}

/** As vxlan_cleanup(), which forgets the others. */
function isStatic(header: DataView): boolean {
  return (header.getUint16(8, HOST_IS_LITTLE_ENDIAN) & (NUD_PERMANENT | NUD_NOARP)) !== 0;
}

function fdbRequest(
  request: { readonly type: number; readonly flags: number; readonly operation: string },
  { interface: index, linkAddress, remote, port, vni, via }: FdbEntry,
): Request {
  return routeRequest({ ...request, subject: linkAddress }, writer => {
    const header = writer.reserve(NDMSG);
    writer.setU8(header, AF_BRIDGE);
    writer.setU32(header + 4, index);
    writer.setU16(header + 8, NUD_NOARP | NUD_PERMANENT);
    writer.setU8(header + 10, NTF_SELF);
    writer.bytes(NDA_LLADDR, macBytes(linkAddress));
    if (remote !== undefined) writer.bytes(NDA_DST, ipBytes(remote));
    if (port !== undefined) writer.u16be(NDA_PORT, port);
    if (vni !== undefined) writer.u32(NDA_VNI, vni);
    if (via !== undefined) writer.u32(NDA_IFINDEX, via);
  });
}
