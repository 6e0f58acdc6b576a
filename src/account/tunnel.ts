// A tunnel of a document with what it leaves out: the port of VXLAN, and the MTU that a path of 1500 bytes leaves.

import type { z } from 'zod';
import type { Tunnel } from './account';
import type { tunnelSchema } from './network-schema';

export type TunnelText = z.output<typeof tunnelSchema>;

/** What Ethernet gives, and what the Internet can be trusted to carry. */
const PATH_MTU = 1500;
/** RFC 7348. */
const VXLAN_PORT = 4789;

export function tunnelOf(given: TunnelText): Tunnel {
  const { name, local, remote, ttl, addresses, health } = given;
  const mtu = given.mtu ?? PATH_MTU - overhead(given);
  const ends = { name, local, remote, ttl, mtu, addresses, ...(health && { health: healthOf(health) }) };
  switch (given.kind) {
    case 'gre':
      return { kind: 'gre', ...ends, ...(given.key !== undefined && { key: given.key }) };
    case 'ipip':
      return { kind: 'ipip', ...ends };
    case 'vxlan':
      // The check refuses a document without it.
      return { kind: 'vxlan', ...ends, key: given.key ?? 0, port: given.port ?? VXLAN_PORT };
  }
}

/** Bytes that a packet grows by in the tunnel. */
export function overhead({ kind, local, key }: Pick<TunnelText, 'kind' | 'local' | 'key'>): number {
  const ip = local.family === 4 ? 20 : 40;
  switch (kind) {
    case 'gre':
      return ip + 4 + (key === undefined ? 0 : 4);
    case 'ipip':
      return ip;
    case 'vxlan':
      // UDP, VXLAN and the inner Ethernet header.
      return ip + 8 + 8 + 14;
  }
}

function healthOf({ target, ...health }: NonNullable<TunnelText['health']>): NonNullable<Tunnel['health']> {
  return { ...health, ...(target && { target }) };
}
