// IP over IPv4 (RFC 2003): `ip link add NAME type ipip local A remote B ttl T` carries IPv4 alone, `… type sit mode any`
// IPv4 and IPv6 (RFC 4213). Both have the same settings.

import type { Address } from '../../../net/address';
import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { decodeAddress, ipBytes } from '../ip-bytes';
import { restIsZero } from './rest';

/** Also those of ip6tnl (linux/if_tunnel.h). */
export const IFLA_IPTUN_LOCAL = 2;
export const IFLA_IPTUN_REMOTE = 3;
export const IFLA_IPTUN_TTL = 4;
export const IFLA_IPTUN_PROTO = 9;
const IFLA_IPTUN_PMTUDISC = 10;
/** Prefix and relay of 6rd with their lengths (RFC 5969), without effect where the other end is given. */
const IFLA_IPTUN_6RD = [11, 12, 13, 14];
/** Protocol numbers of what is carried. */
const PROTOCOLS = { ipip: 4, sit: 0 } as const;

export interface IpipTunnel {
  readonly kind: 'ipip' | 'sit';
  /** IPv4. */
  readonly local: Address;
  readonly remote: Address;
  /** Of the outer packet; 0 copies the inner one's. */
  readonly ttl: number;
  /** Outer packets have DF, and what does not fit is answered with an ICMP error. */
  readonly pmtudisc: boolean;
}

export function encodeIpip(writer: AttributeWriter, tunnel: IpipTunnel): void {
  writer.u8(IFLA_IPTUN_PROTO, PROTOCOLS[tunnel.kind]);
  writer.bytes(IFLA_IPTUN_LOCAL, ipBytes(tunnel.local));
  writer.bytes(IFLA_IPTUN_REMOTE, ipBytes(tunnel.remote));
  writer.u8(IFLA_IPTUN_PMTUDISC, tunnel.pmtudisc ? 1 : 0);
  writer.u8(IFLA_IPTUN_TTL, tunnel.ttl);
}

/** undefined for one with settings that encodeIpip() does not make. */
export function decodeIpip(data: Attributes, kind: IpipTunnel['kind']): IpipTunnel | undefined {
  const local = decodeAddress(data, IFLA_IPTUN_LOCAL);
  const remote = decodeAddress(data, IFLA_IPTUN_REMOTE);
  const ttl = data.u8(IFLA_IPTUN_TTL);
  const pmtudisc = data.u8(IFLA_IPTUN_PMTUDISC);
  if (kind === 'sit') for (const type of IFLA_IPTUN_6RD) data.bytes(type);
  if (local === undefined || remote === undefined || ttl === undefined || pmtudisc === undefined) return undefined;
  if (data.u8(IFLA_IPTUN_PROTO) !== PROTOCOLS[kind] || !restIsZero(data)) return undefined;
  return { kind, local, remote, ttl, pmtudisc: pmtudisc === 1 };
}
