// Addresses of devices: `ip address add 10.0.0.1/24 dev NAME`, `ip -6 address add 2001:db8::1/64 dev NAME nodad`.

import { type Address, printAddress } from '../../net/address';
import { HOST_IS_LITTLE_ENDIAN } from '../attribute';
import type { Message, Request } from '../message';
import { malformed } from '../netlink-error';
import { present } from '../present';
import { addressFamily, decodeAddress, ipBytes } from './ip-bytes';
import {
  ADD,
  CHANGE,
  DUMP,
  decodeRouteMessage,
  REPLACE,
  RTM_DELADDR,
  RTM_GETADDR,
  RTM_NEWADDR,
  routeRequest,
} from './rtnetlink';

/** struct ifaddrmsg: u8 family, u8 prefix length, u8 flags, u8 scope, u32 interface index. */
const IFADDRMSG = 8;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_FLAGS = 8;
const IFA_PROTO = 11;
const IFA_F_NODAD = 0x02;
const IFA_F_TENTATIVE = 0x40;
const IFA_F_NOPREFIXROUTE = 0x200;

export interface InterfaceAddress {
  /** Index of the device. */
  readonly interface: number;
  readonly address: Address;
  readonly prefixLength: number;
  /** IPv6: usable at once, without a second of duplicate address detection. */
  readonly nodad?: boolean;
  /** The kernel makes no route to the prefix. */
  readonly noprefixroute?: boolean;
  /** Whose address it is, as RTPROT_* of routes; since Linux 5.18. */
  readonly protocol?: number;
}

/** What a dump says. */
export interface ListedAddress extends InterfaceAddress {
  readonly nodad: boolean;
  /** IPv6: duplicate address detection is not over. */
  readonly tentative: boolean;
}

export function addAddress(address: InterfaceAddress): Request {
  return addressRequest(RTM_NEWADDR, ADD, 'add address', address);
}

/** As add, but content with what is there. */
export function replaceAddress(address: InterfaceAddress): Request {
  return addressRequest(RTM_NEWADDR, REPLACE, 'replace address', address);
}

export function deleteAddress(address: InterfaceAddress): Request {
  return addressRequest(RTM_DELADDR, CHANGE, 'delete address', address);
}

/** `ip address show`, of one device when its index is given. */
export function dumpAddresses(interfaceIndex = 0): Request {
  return routeRequest({ type: RTM_GETADDR, flags: DUMP, operation: 'dump addresses' }, writer => {
    writer.setU32(writer.reserve(IFADDRMSG) + 4, interfaceIndex);
  });
}

export function decodeInterfaceAddress(message: Message): ListedAddress {
  const { header, attributes } = decodeRouteMessage(message, RTM_NEWADDR, IFADDRMSG);
  // On a point-to-point device IFA_ADDRESS is the other end.
  const address = decodeAddress(attributes, IFA_LOCAL) ?? decodeAddress(attributes, IFA_ADDRESS);
  if (address === undefined) throw malformed('address', 'IFA_ADDRESS is missing');
  const flags = attributes.u32(IFA_FLAGS) ?? header.getUint8(2);
  return present({
    interface: header.getUint32(4, HOST_IS_LITTLE_ENDIAN),
    address,
    prefixLength: header.getUint8(1),
    nodad: (flags & IFA_F_NODAD) !== 0,
    tentative: (flags & IFA_F_TENTATIVE) !== 0,
    noprefixroute: (flags & IFA_F_NOPREFIXROUTE) !== 0 || undefined,
    protocol: attributes.u8(IFA_PROTO),
  });
}

function addressRequest(type: number, flags: number, operation: string, spec: InterfaceAddress): Request {
  const subject = `${printAddress(spec.address)}/${spec.prefixLength}`;
  return routeRequest({ type, flags, operation, subject }, writer => {
    const header = writer.reserve(IFADDRMSG);
    writer.setU8(header, addressFamily(spec.address));
    writer.setU8(header + 1, spec.prefixLength);
    const nodad = spec.nodad === true ? IFA_F_NODAD : 0;
    writer.setU8(header + 2, nodad);
    writer.setU32(header + 4, spec.interface);
    const bytes = ipBytes(spec.address);
    writer.bytes(IFA_LOCAL, bytes);
    writer.bytes(IFA_ADDRESS, bytes);
    if (spec.noprefixroute === true) writer.u32(IFA_FLAGS, IFA_F_NOPREFIXROUTE | nodad);
    if (spec.protocol !== undefined) writer.u8(IFA_PROTO, spec.protocol);
  });
}
