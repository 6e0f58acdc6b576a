// The network of an account as plain data, before anything is sent: its links, and what stands in its namespace and in the
// host's. Links go by name; indices are the kernel's.

import type { Account, Tunnel } from '../account/account';
import type { Address } from '../net/address';
import type { Prefix } from '../net/prefix';
import { ANY_STATION } from '../netlink/route/fdb';
import type { Tunnel as KernelTunnel } from '../netlink/route/link-kind/tunnel';
import { kernelTunnel } from './kernel-tunnel';
import { linkAddress, type Names, namespaceName, printAlias, UPLINK, unmovedTunnelName } from './names';
import { linkSettings, namespaceSettings } from './plan-setting';
import { connectedRoutes, tunnelRoutes } from './tunnel-route';
import type { TunnelState } from './tunnel-state';
import {
  neighboursInside,
  neighboursOutside,
  routeToAccount,
  routeToHost,
  uplinkAddresses,
  uplinkPlan,
} from './uplink';

export interface NetworkPlan {
  readonly account: string;
  readonly place: PlanPlace;
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

export type PlanPlace =
  /** `alias` is its loopback's: a namespace of that name without it is somebody else's. */
  | { readonly kind: 'own'; readonly name: string; readonly alias: string }
  | { readonly kind: 'existing'; readonly name: string }
  | { readonly kind: 'host' };

/** A veth pair, each end made where it stays: moving a device takes the kernel tens of milliseconds. */
export interface UplinkPlan {
  readonly alias: string;
  readonly mtu: number;
  /** `address` is the link-layer one. */
  readonly host: { readonly name: string; readonly address: string };
  readonly account: { readonly name: string; readonly address: string };
}

export interface TunnelPlan {
  readonly name: string;
  /** While it is in the host's namespace, which its outer packets go by. */
  readonly unmovedName: string;
  readonly alias: string;
  readonly mtu: number;
  /** Link-layer, where the tunnel has one: the same after it is made anew, so that neighbours need not ask again. */
  readonly address?: string;
  readonly tunnel: KernelTunnel;
}

export interface PlacePlan {
  readonly settings: readonly Setting[];
  readonly addresses: readonly LinkAddress[];
  readonly neighbours: readonly LinkNeighbour[];
  /** All that their links may have. */
  readonly fdb: readonly LinkFdbEntry[];
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

/** Where a VXLAN's frames go: the kernel makes one such entry with the device, and never looks at its `remote` again. */
export interface LinkFdbEntry {
  readonly link: string;
  readonly linkAddress: string;
  readonly remote: Address;
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

/** `states` by the names of tunnels; one that is not named is healthy. */
export function networkPlan(account: Account, names: Names, states: ReadonlyMap<string, TunnelState>): NetworkPlan {
  const place = placeOf(account, names);
  const families = familiesOf(account);
  const uplink = needsUplink(account) ? uplinkPlan(names, account.account) : undefined;
  return {
    account: account.account,
    place,
    ...(uplink && { uplink }),
    tunnels: account.tunnels.map(tunnel => tunnelPlan(account, names, tunnel)),
    inside: {
      settings: [
        ...(place.kind === 'own' ? namespaceSettings(families) : []),
        ...(uplink ? linkSettings(UPLINK, families, 'veth') : []),
        ...account.tunnels.flatMap(({ name }) => linkSettings(name, families, 'tunnel')),
      ],
      addresses: [
        ...(uplink ? families.flatMap(uplinkAddresses) : []),
        ...account.tunnels.flatMap(({ name, addresses }) => addresses.map(address => ({ link: name, ...address }))),
      ],
      neighbours: uplink ? families.map(family => neighboursInside(uplink, family)) : [],
      fdb: account.tunnels.flatMap(fdbEntries),
      routes: [
        ...(uplink ? families.map(routeToHost) : []),
        ...connectedRoutes(account),
        ...tunnelRoutes(account, states),
      ],
    },
    outside: {
      settings: uplink ? linkSettings(uplink.host.name, families, 'veth') : [],
      addresses: [],
      neighbours: uplink ? families.map(family => neighboursOutside(uplink, family)) : [],
      fdb: [],
      routes: uplink ? account.prefixes.map(prefix => routeToAccount(uplink, prefix)) : [],
    },
    clamps: clampsOf(account, families),
    unforwarded: unforwardedOf(account),
  };
}

function placeOf({ account, namespace }: Account, names: Names): PlanPlace {
  if (namespace.kind !== 'own') return namespace;
  return { kind: 'own', name: namespaceName(names, account), alias: printAlias(names, { account, link: 'lo' }) };
}

/** A policy alone is rules in a namespace that others put links into. */
function needsUplink({ namespace, prefixes, tunnels }: Account): boolean {
  return namespace.kind !== 'host' && prefixes.length + tunnels.length > 0;
}

/** What the account's packets are of; IPv4 at least. */
function familiesOf({ prefixes, tunnels, routes }: Account): readonly (4 | 6)[] {
  const addresses = [
    ...[...prefixes, ...routes.map(({ prefix }) => prefix)].map(({ network }) => network),
    ...tunnels.flatMap(tunnel => tunnel.addresses.map(({ address }) => address)),
  ];
  return addresses.some(({ family }) => family === 6) ? [4, 6] : [4];
}

function tunnelPlan({ account }: Account, names: Names, tunnel: Tunnel): TunnelPlan {
  const { name, mtu } = tunnel;
  return {
    name,
    unmovedName: unmovedTunnelName(names, account, name),
    alias: printAlias(names, { account, link: name }),
    mtu,
    ...(tunnel.kind === 'vxlan' && { address: linkAddress(names, account, `tunnel/${name}`) }),
    tunnel: kernelTunnel(tunnel),
  };
}

function fdbEntries({ kind, name, remote }: Tunnel): readonly LinkFdbEntry[] {
  return kind === 'vxlan' ? [{ link: name, linkAddress: ANY_STATION, remote }] : [];
}

/** An IP header and a TCP header without options (RFC 6691). */
const HEADERS = { 4: 40, 6: 60 } as const;

function clampsOf({ tunnels, mss }: Account, families: readonly (4 | 6)[]): readonly Clamp[] {
  if (mss === 'off') return [];
  return tunnels.flatMap(({ name, mtu }) =>
    families.map(family => ({ link: name, family, segment: mss === 'auto' ? mtu - HEADERS[family] : mss })),
  );
}

function unforwardedOf(account: Account): NetworkPlan['unforwarded'] {
  if (account.return === 'tunnel' || account.tunnels.length === 0) return [];
  return account.namespace.kind === 'own' ? 'all-but-uplink' : account.tunnels.map(({ name }) => name);
}
