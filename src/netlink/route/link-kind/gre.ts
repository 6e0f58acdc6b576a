// GRE over IPv4 (RFC 2784, keys of RFC 2890): `ip link add NAME type gre local A remote B key K ttl T`. It carries IPv4
// and IPv6.

import type { Address } from '../../../net/address';
import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { decodeAddress, ipBytes } from '../ip-bytes';
import { restIsZero } from './rest';

/** Also those of ip6gre (linux/if_tunnel.h). */
export const IFLA_GRE_IFLAGS = 2;
export const IFLA_GRE_OFLAGS = 3;
export const IFLA_GRE_IKEY = 4;
export const IFLA_GRE_OKEY = 5;
export const IFLA_GRE_LOCAL = 6;
export const IFLA_GRE_REMOTE = 7;
export const IFLA_GRE_TTL = 8;
const IFLA_GRE_PMTUDISC = 10;
const GRE_KEY = 0x2000;

export interface GreKeys {
  /** What packets that come in must bear; absent, they must bear none. */
  readonly inputKey?: number;
  /** What packets that go out bear. */
  readonly outputKey?: number;
}

export interface GreTunnel extends GreKeys {
  readonly kind: 'gre';
  /** IPv4. */
  readonly local: Address;
  readonly remote: Address;
  /** Of the outer packet; 0 copies the inner one's. */
  readonly ttl: number;
  /** Outer packets have DF, and what does not fit is answered with an ICMP error. */
  readonly pmtudisc: boolean;
}

export function encodeGre(writer: AttributeWriter, tunnel: GreTunnel): void {
  encodeGreKeys(writer, tunnel);
  writer.bytes(IFLA_GRE_LOCAL, ipBytes(tunnel.local));
  writer.bytes(IFLA_GRE_REMOTE, ipBytes(tunnel.remote));
  writer.u8(IFLA_GRE_PMTUDISC, tunnel.pmtudisc ? 1 : 0);
  writer.u8(IFLA_GRE_TTL, tunnel.ttl);
}

/** undefined for one with settings that encodeGre() does not make. */
export function decodeGre(data: Attributes): GreTunnel | undefined {
  const keys = decodeGreKeys(data);
  const local = decodeAddress(data, IFLA_GRE_LOCAL);
  const remote = decodeAddress(data, IFLA_GRE_REMOTE);
  const ttl = data.u8(IFLA_GRE_TTL);
  const pmtudisc = data.u8(IFLA_GRE_PMTUDISC);
  if (keys === undefined || local === undefined || remote === undefined || ttl === undefined) return undefined;
  if (pmtudisc === undefined || !restIsZero(data)) return undefined;
  return { kind: 'gre', local, remote, ...keys, ttl, pmtudisc: pmtudisc === 1 };
}

export function encodeGreKeys(writer: AttributeWriter, { inputKey, outputKey }: GreKeys): void {
  if (inputKey !== undefined) writer.u32be(IFLA_GRE_IKEY, inputKey);
  if (outputKey !== undefined) writer.u32be(IFLA_GRE_OKEY, outputKey);
  writer.u16be(IFLA_GRE_IFLAGS, inputKey === undefined ? 0 : GRE_KEY);
  writer.u16be(IFLA_GRE_OFLAGS, outputKey === undefined ? 0 : GRE_KEY);
}

/** undefined where checksums or sequence numbers are asked for. */
export function decodeGreKeys(data: Attributes): GreKeys | undefined {
  const input = data.u16be(IFLA_GRE_IFLAGS) ?? 0;
  const output = data.u16be(IFLA_GRE_OFLAGS) ?? 0;
  const inputKey = data.u32be(IFLA_GRE_IKEY) ?? 0;
  const outputKey = data.u32be(IFLA_GRE_OKEY) ?? 0;
  if (((input | output) & ~GRE_KEY) !== 0) return undefined;
  return { ...(input === GRE_KEY ? { inputKey } : {}), ...(output === GRE_KEY ? { outputKey } : {}) };
}
