// A tunnel as its health needs it: what an account's document says of it, and the routers behind it.

import type { Address } from '../net/address';

export interface MonitoredTunnel {
  /** The device's, in the account's namespace. */
  readonly name: string;
  /** Of the outer header: the host's address, and the other end's. */
  readonly local: Address;
  readonly remote: Address;
  /** Of this end, inside the tunnel. */
  readonly addresses: readonly { readonly address: Address; readonly prefixLength: number }[];
  readonly health: HealthCheck;
  /** Those of the account's routes through this tunnel. Links of Ethernet (VXLAN) need one for each family probed. */
  readonly gateways: readonly Address[];
}

export interface HealthCheck {
  readonly rate: 'low' | 'mid' | 'high';
  /** An echo reply that the other end only has to route back, or a request that the target answers. */
  readonly type: 'reply' | 'request';
  readonly target?: Address;
  /** Whether the answer comes over the Internet or by the tunnel. */
  readonly direction: 'unidirectional' | 'bidirectional';
}

/** The parts of an account's document that are looked at. */
interface TunnelsAndRoutes {
  readonly tunnels: readonly (Omit<MonitoredTunnel, 'health' | 'gateways'> & { readonly health?: HealthCheck })[];
  readonly routes: readonly { readonly tunnel: string; readonly gateway?: Address }[];
}

/** The tunnels of an account that are to be probed; those without a health check are not. */
export function monitoredTunnels({ tunnels, routes }: TunnelsAndRoutes): readonly MonitoredTunnel[] {
  return tunnels.flatMap(({ name, local, remote, addresses, health }) => {
    if (health === undefined) return [];
    const gateways = routes.flatMap(route => (route.tunnel === name && route.gateway ? [route.gateway] : []));
    return [{ name, local, remote, addresses, health, gateways }];
  });
}
