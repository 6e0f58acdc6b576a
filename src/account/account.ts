// An account as its document describes it: rules and lists, and the network that they stand in. A document without
// network parts is a policy with a namespace of its own.

import type { Address } from '../net/address';
import type { Prefix } from '../net/prefix';
import type { Policy } from './policy';

export interface Account extends Policy {
  readonly namespace: AccountNamespace;
  /** What the host routes into the account; none lies in another. */
  readonly prefixes: readonly Prefix[];
  /** No two of one name. */
  readonly tunnels: readonly Tunnel[];
  readonly routes: readonly AccountRoute[];
  /** What comes out of the tunnels: not forwarded, for answers go their own way; or by the rules and out by the uplink. */
  readonly return: 'direct' | 'tunnel';
  /** The largest segment that TCP may announce through a tunnel: by its MTU, any, or so many bytes. */
  readonly mss: 'auto' | 'off' | number;
}

export type AccountNamespace =
  /** Made for the account, and removed with it. */
  { readonly kind: 'own' } | { readonly kind: 'existing'; readonly name: string } | { readonly kind: 'host' };

/** The outer header is of the family of `local` and `remote`. */
export type Tunnel = Gre | Ipip | Vxlan;
export type TunnelKind = Tunnel['kind'];

interface TunnelEnds {
  /** The device's name in the account's namespace. */
  readonly name: string;
  /** The host's address, and the other end's. */
  readonly local: Address;
  readonly remote: Address;
  /** Of the outer header. */
  readonly ttl: number;
  /** Of the packets inside. */
  readonly mtu: number;
  /** Of this end, inside the tunnel. */
  readonly addresses: readonly TunnelAddress[];
  readonly health?: HealthCheck;
}

export interface Gre extends TunnelEnds {
  readonly kind: 'gre';
  /** 32 bits; absent: packets without a key. */
  readonly key?: number;
}

export interface Ipip extends TunnelEnds {
  readonly kind: 'ipip';
}

export interface Vxlan extends TunnelEnds {
  readonly kind: 'vxlan';
  /** The VNI, 24 bits. */
  readonly key: number;
  /** UDP port of both ends. */
  readonly port: number;
}

export interface TunnelAddress {
  readonly address: Address;
  readonly prefixLength: number;
}

export interface HealthCheck {
  readonly rate: 'low' | 'mid' | 'high';
  /** An echo reply that the other end only has to route back, or a request that `target` answers. */
  readonly type: 'reply' | 'request';
  readonly target?: Address;
  /** Whether the answer comes over the Internet or by the tunnel. */
  readonly direction: 'unidirectional' | 'bidirectional';
}

/** Routes with one prefix and priority share the flows by their weights. */
export interface AccountRoute {
  readonly prefix: Prefix;
  /** By name. */
  readonly tunnel: string;
  /** Inside the tunnel; VXLAN needs it, for its links are Ethernet. */
  readonly gateway?: Address;
  /** The lowest wins. */
  readonly priority: number;
  readonly weight: number;
}

export const NO_NETWORK: Omit<Account, keyof Policy> = {
  namespace: { kind: 'own' },
  prefixes: [],
  tunnels: [],
  routes: [],
  return: 'direct',
  mss: 'auto',
};

/** The keys of the document that ask for more than rules in a namespace: what an agent alone can give. */
export function networkParts({ namespace, prefixes, tunnels, routes }: Account): readonly string[] {
  return [
    ...(namespace.kind === 'own' ? [] : ['namespace']),
    ...(prefixes.length === 0 ? [] : ['prefixes']),
    ...(tunnels.length === 0 ? [] : ['tunnels']),
    ...(routes.length === 0 ? [] : ['routes']),
  ];
}
