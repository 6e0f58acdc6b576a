// The ways of a route that has several (RTA_MULTIPATH): struct rtnexthop (u16 length, u8 flags, u8 hops, s32 interface
// index) with attributes of its own, one after the other; `nexthop via A dev NAME weight W onlink` of `ip route`.

import { type Address, printAddress } from '../../net/address';
import { Attributes, align, HOST_IS_LITTLE_ENDIAN } from '../attribute';
import type { AttributeWriter } from '../attribute-writer';
import { malformed, NetlinkError } from '../netlink-error';
import { present } from '../present';
import { decodeAddress, ipBytes } from './ip-bytes';

const RTNEXTHOP = 8;
const MOST_WEIGHT = 256;
export const RTA_GATEWAY = 5;
/** The gateway is on the link although no prefix there says so. */
export const RTNH_F_ONLINK = 4;

export interface NextHop {
  /** IPv6 asks for one, also where the device has only one other end; with `onlink` any link-local address does. */
  readonly gateway?: Address;
  /** Index of the device. */
  readonly interface: number;
  /** 1 to 256: flows are spread in proportion to it. */
  readonly weight: number;
  readonly onlink?: boolean;
}

export function encodeNextHops(writer: AttributeWriter, type: number, hops: readonly NextHop[]): void {
  const list = writer.append(type, 0) - 4;
  for (const hop of hops) encodeNextHop(writer, hop);
  writer.close(list);
}

/** In the kernel's order; `bytes` is the payload of RTA_MULTIPATH. */
export function decodeNextHops(bytes: Uint8Array): readonly NextHop[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hops: NextHop[] = [];
  for (let at = 0; at < bytes.length; ) {
    const left = bytes.length - at;
    const length = left < RTNEXTHOP ? 0 : view.getUint16(at, HOST_IS_LITTLE_ENDIAN);
    if (length < RTNEXTHOP || length > left)
      throw malformed('RTA_MULTIPATH', `a hop of ${length} bytes with ${left} left`);
    const attributes = Attributes.of(bytes.subarray(at + RTNEXTHOP, at + length), 'RTA_MULTIPATH');
    hops.push(
      present({
        gateway: decodeAddress(attributes, RTA_GATEWAY),
        interface: view.getInt32(at + 4, HOST_IS_LITTLE_ENDIAN),
        weight: view.getUint8(at + 3) + 1,
        onlink: (view.getUint8(at + 2) & RTNH_F_ONLINK) !== 0 || undefined,
      }),
    );
    at += align(length);
  }
  return hops;
}

function encodeNextHop(writer: AttributeWriter, { gateway, interface: index, weight, onlink }: NextHop): void {
  if (!Number.isInteger(weight) || weight < 1 || weight > MOST_WEIGHT) throw badWeight(weight, gateway);
  const start = writer.reserve(RTNEXTHOP);
  writer.setU8(start + 2, onlink === true ? RTNH_F_ONLINK : 0);
  writer.setU8(start + 3, weight - 1);
  writer.setU32(start + 4, index);
  if (gateway !== undefined) writer.bytes(RTA_GATEWAY, ipBytes(gateway));
  writer.setU16(start, writer.length - start);
}

function badWeight(weight: number, gateway: Address | undefined): NetlinkError {
  return new NetlinkError({
    code: 'EINVAL',
    operation: 'encode a next hop',
    subject: gateway && printAddress(gateway),
    text: `the weight is ${weight}`,
    cure: `take a whole number from 1 to ${MOST_WEIGHT}`,
  });
}
