// The routes of an account's document as the kernel's. Routes of one prefix and priority are one route with several hops;
// what is known of a tunnel's health moves its hops behind those of better ones. Where all tunnels are gone a prefix of
// the account is unreachable: by the default route it would go back to the host, which would send it here again.

import type { Account, AccountRoute } from '../account/account';
import { type Address, addressBits } from '../net/address';
import { containsPrefix, type Prefix, prefixAround, printPrefix, samePrefix } from '../net/prefix';
import type { Hop, PlannedRoute } from './plan';
import type { TunnelState } from './tunnel-state';

/** Added to the priority of routes by a tunnel that is no longer healthy: behind any other that is. */
const PENALTY: Readonly<Record<TunnelState, number>> = { healthy: 0, degraded: 500_000, down: 1_000_000 };

/** Behind every route of a document, penalties included, and behind the route to the host. */
export const UNREACHABLE_PRIORITY = 4_294_967_294;

/** fe80::1 */
const ANY_NEIGHBOUR: Address = { family: 6, value: (0xfe80n << 112n) | 1n };

/** As the kernel's own. */
const CONNECTED_PRIORITY = { 4: 0, 6: 256 } as const;

type States = ReadonlyMap<string, TunnelState>;

export function tunnelRoutes({ namespace, prefixes, routes }: Account, states: States): readonly PlannedRoute[] {
  const all = [...routes, ...prefixes.flatMap(prefix => narrowed(prefix, routes))];
  // Elsewhere than in a namespace of its own, a prefix may be reached by what others have there.
  const refused = prefixes.filter(
    prefix => namespace.kind === 'own' || all.some(route => touches(route.prefix, prefix)),
  );
  return [...grouped(all, states), ...refused.map(unreachable)];
}

/**
 * Of wider routes, the one that would take the prefix: again, for the prefix itself. Beside a wider route alone the
 * unreachable one, which is more specific, would take every packet.
 */
function narrowed(prefix: Prefix, routes: readonly AccountRoute[]): readonly AccountRoute[] {
  const around = routes.filter(route => containsPrefix(route.prefix, prefix));
  const longest = Math.max(...around.map(route => route.prefix.length));
  if (around.length === 0 || longest === prefix.length) return [];
  return around.filter(route => route.prefix.length === longest).map(route => ({ ...route, prefix }));
}

/**
 * By which states of the tunnels the routes that are there were put, perhaps by an earlier process: of each tunnel the worst
 * that one of its routes tells.
 */
export function statesInForce({ routes }: Pick<Account, 'routes'>, present: readonly PlannedRoute[]): States {
  const states = new Map<string, TunnelState>();
  for (const state of ['healthy', 'degraded', 'down'] as const) {
    for (const { prefix, priority, tunnel } of routes) {
      const isThere = present.some(
        route =>
          route.kind === 'unicast' &&
          route.priority === priority + PENALTY[state] &&
          samePrefix(route.prefix, prefix) &&
          route.hops.some(({ link }) => link === tunnel),
      );
      if (isThere) states.set(tunnel, state);
    }
  }
  return states;
}

function grouped(routes: readonly AccountRoute[], states: States): readonly PlannedRoute[] {
  const groups = new Map<string, { readonly prefix: Prefix; readonly priority: number; readonly hops: Hop[] }>();
  for (const { prefix, priority, ...route } of routes) {
    const standing = priority + PENALTY[states.get(route.tunnel) ?? 'healthy'];
    const key = `${printPrefix(prefix)} ${standing}`;
    const hop = hopOf(route);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { prefix, priority: standing, hops: [hop] });
    else group.hops.push(hop);
  }
  return [...groups.values()].map(group => ({ kind: 'unicast', ...group, hops: acceptable(group) }));
}

/** IPv6 takes several hops only with gateways; a tunnel with one other end sends there whatever the gateway is. */
function acceptable({ prefix, hops }: { readonly prefix: Prefix; readonly hops: readonly Hop[] }): readonly Hop[] {
  if (prefix.network.family === 4 || hops.length === 1) return hops;
  return hops.map(hop => (hop.gateway === undefined ? { ...hop, gateway: ANY_NEIGHBOUR, onlink: true } : hop));
}

/**
 * What is inside a tunnel by the addresses of its end. The kernel would make these routes with the addresses, and would not
 * make them again when they are gone.
 */
export function connectedRoutes({ tunnels }: Account): readonly PlannedRoute[] {
  const routes = tunnels.flatMap(({ name: link, addresses }) =>
    addresses
      .filter(({ address, prefixLength }) => prefixLength < addressBits(address.family))
      .map(({ address, prefixLength }) => ({ link, prefix: prefixAround(address, prefixLength) })),
  );
  const distinct = routes.filter(
    (route, index) => routes.findIndex(other => samePrefix(route.prefix, other.prefix)) === index,
  );
  return distinct.map(({ link, prefix }) => {
    const priority = CONNECTED_PRIORITY[prefix.network.family];
    return { kind: 'unicast', prefix, priority, hops: [{ link, onlink: false, weight: 1 }] };
  });
}

function hopOf({ tunnel, gateway, weight }: Pick<AccountRoute, 'tunnel' | 'gateway' | 'weight'>): Hop {
  // The document has said that the gateway is inside the tunnel; the kernel need not look whether a route still says so.
  return { link: tunnel, ...(gateway && { gateway }), onlink: gateway !== undefined, weight };
}

function unreachable(prefix: Prefix): PlannedRoute {
  return { kind: 'unreachable', prefix, priority: UNREACHABLE_PRIORITY };
}

function touches(route: Prefix, prefix: Prefix): boolean {
  return containsPrefix(route, prefix) || containsPrefix(prefix, route);
}
