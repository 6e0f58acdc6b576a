// The network of an account as plain data, before anything is sent: its links, and what stands in its namespace and in the
// host's. Links go by name; indices are the kernel's.

import type { AccountNamespace } from '../account/account';
import type { Address } from '../net/address';
import type { Prefix } from '../net/prefix';
import type { Tunnel } from '../netlink/route/link-kind/tunnel';

export interface NetworkPlan {
  readonly account: string;
  readonly namespace: AccountNamespace;
  /** Absent where the account is in the host's namespace. */
  readonly uplink?: UplinkPlan;
  readonly tunnels: readonly TunnelPlan[];
  /** In the account's namespace. */
  readonly inside: PlacePlan;
  /** In the host's; empty where that is the account's. */
  readonly outside: PlacePlan;
  readonly clamps: readonly Clamp[];
  /** What comes in by these links is not forwarded; 'all-but-uplink' in a namespace of the account's own. */
  readonly unforwarded: readonly string[] | 'all-but-uplink';
}

/** A veth pair; both ends are made in the host's namespace and one is moved. */
export interface UplinkPlan {
  readonly alias: string;
  readonly mtu: number;
  /** `address` is the link-layer one. */
  readonly host: { readonly name: string; readonly address: string };
  readonly account: { readonly name: string; readonly unmovedName: string; readonly address: string };
}

export interface TunnelPlan {
  readonly name: string;
  /** While it is in the host's namespace, which its outer packets go by. */
  readonly unmovedName: string;
  readonly alias: string;
  readonly mtu: number;
  readonly tunnel: Tunnel;
}

export interface PlacePlan {
  readonly settings: readonly Setting[];
  readonly addresses: readonly LinkAddress[];
  readonly neighbours: readonly LinkNeighbour[];
  readonly routes: readonly PlannedRoute[];
}

export interface Setting {
  /** As below /proc/sys. */
  readonly key: string;
  readonly value: string;
}

export interface LinkAddress {
  readonly link: string;
  readonly address: Address;
  readonly prefixLength: number;
}

/** Permanent, so that nothing is ever asked by ARP or neighbour discovery. */
export interface LinkNeighbour {
  readonly link: string;
  readonly address: Address;
  readonly linkAddress: string;
}

export type PlannedRoute =
  | { readonly kind: 'unicast'; readonly prefix: Prefix; readonly priority: number; readonly hops: readonly Hop[] }
  | { readonly kind: 'unreachable'; readonly prefix: Prefix; readonly priority: number };

export interface Hop {
  readonly link: string;
  readonly gateway?: Address;
  /** The gateway is a neighbour although no address says so. */
  readonly onlink: boolean;
  readonly weight: number;
}

/** TCP announces no larger segments through this link, in either direction. */
export interface Clamp {
  readonly link: string;
  readonly family: 4 | 6;
  readonly segment: number;
}
