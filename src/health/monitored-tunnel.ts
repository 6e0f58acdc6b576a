// A tunnel as its health needs it: what an account's document says of it, and the routers behind it.

import type { Account, HealthCheck, Tunnel } from '../account/account';
import type { Address } from '../net/address';

export interface MonitoredTunnel extends Pick<Tunnel, 'name' | 'kind' | 'local' | 'remote' | 'addresses'> {
  readonly health: HealthCheck;
  /** Those of the account's routes through this tunnel. Links of Ethernet (VXLAN) need one for each family probed. */
  readonly gateways: readonly Address[];
}

/** The tunnels of an account that are to be probed; those without a health check are not. */
export function monitoredTunnels({ tunnels, routes }: Pick<Account, 'tunnels' | 'routes'>): readonly MonitoredTunnel[] {
  return tunnels.flatMap(({ name, kind, local, remote, addresses, health }) => {
    if (health === undefined) return [];
    const gateways = routes.flatMap(route => (route.tunnel === name && route.gateway ? [route.gateway] : []));
    return [{ name, kind, local, remote, addresses, health, gateways }];
  });
}
