// IP over IPv6 (RFC 2473): `ip link add NAME type ip6tnl mode any local A remote B hoplimit T encaplimit none`. It carries
// IPv4 and IPv6. The limit of RFC 2473 is left off: it puts a destination options header into every outer packet.

import type { Address } from '../../../net/address';
import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { decodeAddress, ipBytes } from '../ip-bytes';
import { IFLA_IPTUN_LOCAL, IFLA_IPTUN_PROTO, IFLA_IPTUN_REMOTE, IFLA_IPTUN_TTL } from './ipip';
import { restIsZero } from './rest';

const IFLA_IPTUN_ENCAP_LIMIT = 6;
const IFLA_IPTUN_FLAGS = 8;
/** linux/ip6_tunnel.h, also for ip6gre. */
export const IP6_TNL_F_IGN_ENCAP_LIMIT = 0x1;
/** What the kernel finds out about the ends: IP6_TNL_F_CAP_XMIT, _RCV and _PER_PACKET. */
const IP6_TNL_F_CAPABILITIES = 0x70000;
/** IPv4 and IPv6. */
const ANY_PROTOCOL = 0;

export interface Ip6Tunnel {
  readonly kind: 'ip6tnl';
  /** IPv6. */
  readonly local: Address;
  readonly remote: Address;
  /** Hop limit of the outer packet; 0 copies the inner one's. */
  readonly ttl: number;
}

export function encodeIp6Tunnel(writer: AttributeWriter, tunnel: Ip6Tunnel): void {
  writer.u8(IFLA_IPTUN_PROTO, ANY_PROTOCOL);
  writer.bytes(IFLA_IPTUN_LOCAL, ipBytes(tunnel.local));
  writer.bytes(IFLA_IPTUN_REMOTE, ipBytes(tunnel.remote));
  writer.u8(IFLA_IPTUN_TTL, tunnel.ttl);
  writer.u32(IFLA_IPTUN_FLAGS, IP6_TNL_F_IGN_ENCAP_LIMIT);
}

/** undefined for one with settings that encodeIp6Tunnel() does not make. */
export function decodeIp6Tunnel(data: Attributes): Ip6Tunnel | undefined {
  const local = decodeAddress(data, IFLA_IPTUN_LOCAL);
  const remote = decodeAddress(data, IFLA_IPTUN_REMOTE);
  const ttl = data.u8(IFLA_IPTUN_TTL);
  data.u8(IFLA_IPTUN_ENCAP_LIMIT);
  if (local === undefined || remote === undefined || ttl === undefined) return undefined;
  if (!ignoresEncapsulationLimit(data.u32(IFLA_IPTUN_FLAGS)) || !restIsZero(data)) return undefined;
  return { kind: 'ip6tnl', local, remote, ttl };
}

/** And has no other flag of a user's. */
export function ignoresEncapsulationLimit(flags: number | undefined): boolean {
  return flags !== undefined && (flags & ~IP6_TNL_F_CAPABILITIES) === IP6_TNL_F_IGN_ENCAP_LIMIT;
}
