// GRE over IPv6: `ip link add NAME type ip6gre local A remote B key K hoplimit T encaplimit none`. It carries IPv4 and
// IPv6.

import type { Address } from '../../../net/address';
import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { decodeAddress, ipBytes } from '../ip-bytes';
import { decodeGreKeys, encodeGreKeys, type GreKeys, IFLA_GRE_LOCAL, IFLA_GRE_REMOTE, IFLA_GRE_TTL } from './gre';
import { IP6_TNL_F_IGN_ENCAP_LIMIT, ignoresEncapsulationLimit } from './ip6tnl';
import { restIsZero } from './rest';

const IFLA_GRE_ENCAP_LIMIT = 11;
const IFLA_GRE_FLAGS = 13;

export interface Ip6GreTunnel extends GreKeys {
  readonly kind: 'ip6gre';
  /** IPv6. */
  readonly local: Address;
  readonly remote: Address;
  /** Hop limit of the outer packet; 0 copies the inner one's. */
  readonly ttl: number;
}

export function encodeIp6Gre(writer: AttributeWriter, tunnel: Ip6GreTunnel): void {
  encodeGreKeys(writer, tunnel);
  writer.bytes(IFLA_GRE_LOCAL, ipBytes(tunnel.local));
  writer.bytes(IFLA_GRE_REMOTE, ipBytes(tunnel.remote));
  writer.u8(IFLA_GRE_TTL, tunnel.ttl);
  writer.u32(IFLA_GRE_FLAGS, IP6_TNL_F_IGN_ENCAP_LIMIT);
}

/** undefined for one with settings that encodeIp6Gre() does not make. */
export function decodeIp6Gre(data: Attributes): Ip6GreTunnel | undefined {
  const keys = decodeGreKeys(data);
  const local = decodeAddress(data, IFLA_GRE_LOCAL);
  const remote = decodeAddress(data, IFLA_GRE_REMOTE);
  const ttl = data.u8(IFLA_GRE_TTL);
  data.u8(IFLA_GRE_ENCAP_LIMIT);
  if (keys === undefined || local === undefined || remote === undefined || ttl === undefined) return undefined;
  if (!ignoresEncapsulationLimit(data.u32(IFLA_GRE_FLAGS)) || !restIsZero(data)) return undefined;
  return { kind: 'ip6gre', local, remote, ...keys, ttl };
}
