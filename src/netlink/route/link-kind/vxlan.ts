// VXLAN (RFC 7348) to one other end, over IPv4 or IPv6: `ip link add NAME type vxlan id N local A remote B dstport P
// ttl T nolearning`. It carries Ethernet; without learning every frame goes to the other end.

import type { Address } from '../../../net/address';
import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { decodeAddress, ipBytes } from '../ip-bytes';

const IFLA_VXLAN_ID = 1;
/** The other end, although the name means multicast. */
const IFLA_VXLAN_GROUP = 2;
const IFLA_VXLAN_LOCAL = 4;
const IFLA_VXLAN_TTL = 5;
const IFLA_VXLAN_LEARNING = 7;
const IFLA_VXLAN_PORT = 15;
const IFLA_VXLAN_GROUP6 = 16;
const IFLA_VXLAN_LOCAL6 = 17;

export interface VxlanTunnel {
  readonly kind: 'vxlan';
  /** VNI, 24 bits. */
  readonly id: number;
  readonly local: Address;
  /** Of the same family. */
  readonly remote: Address;
  /** UDP port of both ends. */
  readonly port: number;
  /** Of the outer packet. */
  readonly ttl: number;
}

export function encodeVxlan(writer: AttributeWriter, { id, local, remote, port, ttl }: VxlanTunnel): void {
  writer.u8(IFLA_VXLAN_TTL, ttl);
  writer.u32(IFLA_VXLAN_ID, id);
  writer.bytes(local.family === 4 ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6, ipBytes(local));
  writer.bytes(remote.family === 4 ? IFLA_VXLAN_GROUP : IFLA_VXLAN_GROUP6, ipBytes(remote));
  writer.u8(IFLA_VXLAN_LEARNING, 0);
  writer.u16be(IFLA_VXLAN_PORT, port);
}

/** undefined for one that learns or has no fixed ends. */
export function decodeVxlan(data: Attributes): VxlanTunnel | undefined {
  const id = data.u32(IFLA_VXLAN_ID);
  const remote = decodeAddress(data, IFLA_VXLAN_GROUP) ?? decodeAddress(data, IFLA_VXLAN_GROUP6);
  const local = decodeAddress(data, IFLA_VXLAN_LOCAL) ?? decodeAddress(data, IFLA_VXLAN_LOCAL6);
  const port = data.u16be(IFLA_VXLAN_PORT);
  const ttl = data.u8(IFLA_VXLAN_TTL);
  if (id === undefined || remote === undefined || local === undefined) return undefined;
  if (port === undefined || ttl === undefined || data.u8(IFLA_VXLAN_LEARNING) !== 0) return undefined;
  return { kind: 'vxlan', id, local, remote, port, ttl };
}
