// Network devices: `ip link add NAME type veth peer name PEER netns NS`, `ip link set NAME up mtu 1400 netns NS`,
// `ip link delete NAME`. A device is named by its index or its name, both of the socket's namespace.

import { type Attribute, type Attributes, HOST_IS_LITTLE_ENDIAN } from '../attribute';
import type { AttributeWriter } from '../attribute-writer';
import type { Message, Request } from '../message';
import { present } from '../present';
import { decodeTunnel, encodeTunnel, type Tunnel } from './link-kind/tunnel';
import { macBytes, macText } from './mac';
import {
  ADD,
  CHANGE,
  DUMP,
  decodeRouteMessage,
  RTM_DELLINK,
  RTM_GETLINK,
  RTM_NEWLINK,
  routeRequest,
} from './rtnetlink';

/** struct ifinfomsg: u8 family, u8 pad, u16 type, s32 index, u32 flags, u32 change. */
const IFINFOMSG = 16;
const IFF_UP = 1;
const IFF_NOARP = 0x80;

const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_LINK = 5;
const IFLA_MASTER = 10;
const IFLA_LINKINFO = 18;
const IFLA_IFALIAS = 20;
const IFLA_NET_NS_FD = 28;
const IFLA_LINK_NETNSID = 37;
const IFLA_PROTO_DOWN = 39;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const VETH_INFO_PEER = 1;

export type LinkSelector = { readonly index: number } | { readonly name: string };

export interface LinkChange {
  readonly up?: boolean;
  readonly mtu?: number;
  /** As 02:00:00:00:00:01. */
  readonly address?: string;
  /** Open descriptor of the namespace to move to; the device is down there and its addresses are gone. */
  readonly netns?: number;
}

/** What cannot be given while the link is made, or where it is named. */
export interface SetLink extends LinkChange {
  /** Free text of up to 255 bytes that `ip link` shows; '' removes it. The kernel ignores it while a link is made. */
  readonly alias?: string;
  /** Index of a bridge or the like to be in; 0 takes it out. */
  readonly master?: number;
  /** Whether neighbours are asked for. */
  readonly arp?: boolean;
  /** Whether it is without carrier, as by `ip link set NAME protodown on`. */
  readonly protodown?: boolean;
}

/** The new name takes effect behind the move, where there is one. Linux before 6.2 renames only what is down. */
export interface RenameLink extends SetLink {
  readonly name: string;
}

export interface NewLink extends LinkChange {
  readonly name: string;
  /** `type` of ip: 'gre', 'ipip', 'vxlan', 'bridge'. */
  readonly kind: string;
  /** The kind's own attributes (IFLA_INFO_DATA). */
  readonly data?: readonly Attribute[];
}

/** Its outer packets go by the namespace of the socket, wherever the device is moved afterwards. */
export interface NewTunnel extends Omit<LinkChange, 'netns'> {
  readonly name: string;
  readonly tunnel: Tunnel;
}

export interface NewVeth extends LinkChange {
  readonly name: string;
  /** It cannot be up from the start: its other end is not there yet when the kernel makes it. */
  readonly peer: Omit<LinkChange, 'up'> & { readonly name: string };
}

export interface Link {
  readonly index: number;
  readonly name: string;
  readonly up: boolean;
  readonly mtu: number;
  readonly address?: string;
  /** 'veth', 'gre'; absent for physical devices and the loopback. */
  readonly kind?: string;
  /** Absent also for a tunnel that has settings which ours do not have. */
  readonly tunnel?: Tunnel;
  readonly alias?: string;
  /** Index of the bridge, bond or VRF that it is in. */
  readonly master?: number;
  /** False where its kind has no neighbours to ask for. */
  readonly arp: boolean;
  readonly protodown: boolean;
  /** Index of the other end or the underlying device, in the namespace that `linkNetnsId` names when there is one. */
  readonly link?: number;
  readonly linkNetnsId?: number;
}

/** `ip link add NAME type KIND`. */
export function createLink(link: NewLink): Request {
  return routeRequest(
    { type: RTM_NEWLINK, flags: ADD, operation: `create ${link.kind} link`, subject: link.name },
    writer => {
      encodeNewLink(writer, link);
      writer.nested(IFLA_LINKINFO, () => {
        writer.string(IFLA_INFO_KIND, link.kind);
        if (link.data !== undefined) encodeInfoData(writer, link.data);
      });
    },
  );
}

/** `ip link add NAME type gre local A remote B …`. */
export function createTunnel(link: NewTunnel): Request {
  const { kind } = link.tunnel;
  return routeRequest(
    { type: RTM_NEWLINK, flags: ADD, operation: `create ${kind} link`, subject: link.name },
    writer => {
      encodeNewLink(writer, link);
      writer.nested(IFLA_LINKINFO, () => {
        writer.string(IFLA_INFO_KIND, kind);
        writer.nested(IFLA_INFO_DATA, () => encodeTunnel(writer, link.tunnel));
      });
    },
  );
}

/** `ip link add NAME type veth peer name PEER netns NS`: both ends at once, each where it belongs. */
export function createVeth(veth: NewVeth): Request {
  return routeRequest({ type: RTM_NEWLINK, flags: ADD, operation: 'create veth link', subject: veth.name }, writer => {
    encodeNewLink(writer, veth);
    writer.nested(IFLA_LINKINFO, () => {
      writer.string(IFLA_INFO_KIND, 'veth');
      writer.nested(IFLA_INFO_DATA, () => writer.nested(VETH_INFO_PEER, () => encodeNewLink(writer, veth.peer)));
    });
  });
}

/** `ip link set NAME …`. */
export function setLink(selector: LinkSelector, change: SetLink): Request {
  return linkSetting(selector, 'name' in selector ? selector.name : undefined, change);
}

/** `ip link set dev NAME name NEW …`; the device is named by its index, since the message has one name. */
export function renameLink(index: number, change: RenameLink): Request {
  return linkSetting({ index }, change.name, change);
}

/** `ip link delete NAME`; of a veth both ends go. */
export function deleteLink(selector: LinkSelector): Request {
  return selectLink(RTM_DELLINK, 'delete link', selector);
}

/** `ip link show NAME`: one message to decode, or ENODEV. */
export function getLink(selector: LinkSelector): Request {
  return selectLink(RTM_GETLINK, 'get link', selector);
}

/** `ip link show`. */
export function dumpLinks(): Request {
  return routeRequest({ type: RTM_GETLINK, flags: DUMP, operation: 'dump links' }, writer => writer.reserve(IFINFOMSG));
}

export function decodeLink(message: Message): Link {
  const { header, attributes } = decodeRouteMessage(message, RTM_NEWLINK, IFINFOMSG);
  const address = attributes.bytes(IFLA_ADDRESS);
  const info = attributes.nested(IFLA_LINKINFO);
  const kind = info?.string(IFLA_INFO_KIND);
  const flags = header.getUint32(8, HOST_IS_LITTLE_ENDIAN);
  return present({
    index: header.getInt32(4, HOST_IS_LITTLE_ENDIAN),
    name: attributes.required(attributes.string(IFLA_IFNAME), 'IFLA_IFNAME'),
    up: (flags & IFF_UP) !== 0,
    mtu: attributes.required(attributes.u32(IFLA_MTU), 'IFLA_MTU'),
    address: address && macText(address),
    kind,
    tunnel: tunnelOf(kind, info),
    alias: attributes.string(IFLA_IFALIAS),
    master: attributes.u32(IFLA_MASTER),
    arp: (flags & IFF_NOARP) === 0,
    protodown: attributes.u8(IFLA_PROTO_DOWN) === 1,
    link: attributes.u32(IFLA_LINK),
    linkNetnsId: attributes.u32(IFLA_LINK_NETNSID),
  });
}

function tunnelOf(kind: string | undefined, info: Attributes | undefined): Tunnel | undefined {
  const data = kind === undefined ? undefined : info?.nested(IFLA_INFO_DATA);
  return kind === undefined || data === undefined ? undefined : decodeTunnel(data, kind);
}

function encodeInfoData(writer: AttributeWriter, data: readonly Attribute[]): void {
  writer.nested(IFLA_INFO_DATA, () => {
    for (const { type, payload } of data) writer.bytes(type, payload);
  });
}

function linkSetting(selector: LinkSelector, name: string | undefined, change: SetLink): Request {
  return routeRequest(
    { type: RTM_NEWLINK, flags: CHANGE, operation: 'set link', subject: nameOf(selector) },
    writer => {
      encodeHeader(writer, selector, change);
      if (name !== undefined) writer.string(IFLA_IFNAME, name);
      encodeChange(writer, change);
      if (change.alias !== undefined) writer.bytes(IFLA_IFALIAS, Buffer.from(change.alias));
      if (change.master !== undefined) writer.u32(IFLA_MASTER, change.master);
      if (change.protodown !== undefined) writer.u8(IFLA_PROTO_DOWN, change.protodown ? 1 : 0);
    },
  );
}

function selectLink(type: number, operation: string, selector: LinkSelector): Request {
  return routeRequest({ type, flags: CHANGE, operation, subject: nameOf(selector) }, writer => {
    encodeHeader(writer, selector, {});
    if ('name' in selector) writer.string(IFLA_IFNAME, selector.name);
  });
}

function encodeNewLink(writer: AttributeWriter, link: LinkChange & { readonly name: string }): void {
  encodeHeader(writer, { name: link.name }, link);
  encodeChange(writer, link);
  writer.string(IFLA_IFNAME, link.name);
}

function encodeHeader(writer: AttributeWriter, selector: LinkSelector, { up, arp }: SetLink): void {
  const header = writer.reserve(IFINFOMSG);
  if ('index' in selector) writer.setU32(header + 4, selector.index);
  writer.setU32(header + 8, (up === true ? IFF_UP : 0) | (arp === false ? IFF_NOARP : 0));
  writer.setU32(header + 12, (up === undefined ? 0 : IFF_UP) | (arp === undefined ? 0 : IFF_NOARP));
}

function encodeChange(writer: AttributeWriter, { mtu, address, netns }: LinkChange): void {
  if (mtu !== undefined) writer.u32(IFLA_MTU, mtu);
  if (address !== undefined) writer.bytes(IFLA_ADDRESS, macBytes(address));
  if (netns !== undefined) writer.u32(IFLA_NET_NS_FD, netns);
}

function nameOf(selector: LinkSelector): string {
  return 'name' in selector ? selector.name : `index ${selector.index}`;
}
