// What the kernel has of an account's network, in the words of the plan: links by name, and of everything else only what
// is ours.

import type { Account } from '../account/account';
import type { Connection } from '../netlink/connection';
import { isNotFound, NetlinkError } from '../netlink/netlink-error';
import { decodeInterfaceAddress, dumpAddresses } from '../netlink/route/address';
import { decodeFdbEntry, dumpFdb, type ListedFdbEntry } from '../netlink/route/fdb';
import { decodeLink, dumpLinks, getLink, type Link, type LinkSelector } from '../netlink/route/link';
import { decodeNeighbour, dumpNeighbours } from '../netlink/route/neighbour';
import { decodeRoute, dumpRoutes, type ListedRoute } from '../netlink/route/route';
import { NamespaceError } from '../netns/namespace-error';
import { readSysctl } from '../netns/sysctl';
import type { Target } from '../reconcile/target';
import { type Names, parseAlias, RTPROT_RAMPART } from './names';
import type { Hop, LinkAddress, LinkNeighbour, NetworkPlan, PlacePlan, PlannedRoute } from './plan';

export interface ActualPlace {
  /** All of the namespace, or in the host's those that were asked for. */
  readonly links: readonly Link[];
  readonly settings: ReadonlyMap<string, string>;
  /** Ours, by their protocol. */
  readonly addresses: readonly LinkAddress[];
  /** Permanent ones. */
  readonly neighbours: readonly LinkNeighbour[];
  /** All of those of our links that the plan has some of. */
  readonly fdb: readonly ListedFdbEntry[];
  /** Ours, by their protocol and links. */
  readonly routes: readonly PlannedRoute[];
}

export interface Place {
  readonly target: Target;
  readonly connection: Connection;
}

type Owner = Pick<Account, 'account'>;

const MAIN_TABLE = 254;

/** Everything of the account in its own namespace. */
export async function readInside(place: Place, plan: PlacePlan, names: Names, owner: Owner): Promise<ActualPlace> {
  const { connection } = place;
  const links = (await connection.dump(dumpLinks())).map(decodeLink);
  const own = new Set(links.filter(({ alias }) => isOf(names, owner, alias)).map(({ index }) => index));
  const layers = await readLayers(connection, links, own, [0]);
  const fdb = await readFdb(
    connection,
    plan,
    links.filter(({ index }) => own.has(index)),
  );
  return { links, settings: readSettings(place.target, plan), ...layers, fdb };
}

/** In the host's namespace, of the links of these names alone: others there are many accounts'. */
export async function readOutside(place: Place, plan: PlacePlan, linkNames: readonly string[]): Promise<ActualPlace> {
  const { connection } = place;
  const links = (await Promise.all(linkNames.map(name => linkNamed(connection, name)))).flatMap(link => link ?? []);
  const indices = links.map(({ index }) => index);
  const layers = await readLayers(connection, links, new Set(indices), indices);
  const fdb = await readFdb(connection, plan, links);
  return { links, settings: readSettings(place.target, plan), ...layers, fdb };
}

/** Those of the account's tunnels that are not in its namespace but, by name and alias, in the host's. */
export async function readAstray(
  { connection }: Place,
  { place, tunnels }: NetworkPlan,
  inside: readonly Link[],
): Promise<readonly Link[]> {
  if (place.kind === 'host') return [];
  const missing = tunnels.filter(tunnel => !inside.some(({ name }) => name === tunnel.name));
  const found = await Promise.all(
    missing.map(async ({ name, alias }) => {
      const link = await linkNamed(connection, name);
      return link?.alias === alias ? link : undefined;
    }),
  );
  return found.flatMap(link => link ?? []);
}

export function linkNamed(connection: Connection, name: string): Promise<Link | undefined> {
  return linkAt(connection, { name });
}

/** undefined where there is none. */
export async function linkAt(connection: Connection, selector: LinkSelector): Promise<Link | undefined> {
  try {
    return (await connection.request(getLink(selector))).map(decodeLink)[0];
  } catch (error) {
    if (error instanceof NetlinkError && error.code === 'ENODEV') return undefined;
    throw error;
  }
}

function isOf(names: Names, { account }: Owner, alias: string | undefined): boolean {
  return parseAlias(names, alias)?.account === account;
}

/** `by`: indices of links to ask for; 0 asks for all. */
async function readLayers(
  connection: Connection,
  links: readonly Link[],
  own: ReadonlySet<number>,
  by: readonly number[],
): Promise<Pick<ActualPlace, 'addresses' | 'neighbours' | 'routes'>> {
  const nameOf = new Map(links.map(({ index, name }) => [index, name]));
  const addresses: LinkAddress[] = [];
  const neighbours: LinkNeighbour[] = [];
  const routes: PlannedRoute[] = [];
  for (const index of by) {
    for (const each of (await connection.dump(dumpAddresses(index))).map(decodeInterfaceAddress)) {
      const link = nameOf.get(each.interface);
      if (each.protocol !== RTPROT_RAMPART || link === undefined) continue;
      addresses.push({ link, address: each.address, prefixLength: each.prefixLength });
    }
    for (const version of [4, 6] as const) {
      for (const each of (await connection.dump(dumpNeighbours(version, index))).map(decodeNeighbour)) {
        const link = nameOf.get(each.interface);
        if (!each.permanent || each.linkAddress === undefined || link === undefined) continue;
        neighbours.push({ link, address: each.address, linkAddress: each.linkAddress });
      }
      for (const each of await mainRoutes(connection, version, index)) {
        const route = each.protocol === RTPROT_RAMPART ? plannedRoute(each, own, nameOf) : undefined;
        if (route !== undefined) routes.push(route);
      }
    }
  }
  return { addresses, neighbours, routes };
}

async function readFdb(
  connection: Connection,
  { fdb }: PlacePlan,
  links: readonly Link[],
): Promise<readonly ListedFdbEntry[]> {
  const found: ListedFdbEntry[] = [];
  for (const { index, name, kind } of links) {
    if (kind !== 'vxlan' || !fdb.some(({ link }) => link === name)) continue;
    found.push(...(await connection.dump(dumpFdb(index))).flatMap(message => decodeFdbEntry(message) ?? []));
  }
  return found;
}

/** Of the main table, by one link when its index is given. */
export async function mainRoutes(
  connection: Connection,
  version: 4 | 6,
  index: number,
): Promise<readonly ListedRoute[]> {
  try {
    return (await connection.dump(dumpRoutes(version, MAIN_TABLE, index))).map(decodeRoute);
  } catch (error) {
    // A namespace without any route has no table yet.
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** undefined for one that leaves by a link of another account. */
function plannedRoute(
  route: ListedRoute,
  own: ReadonlySet<number>,
  nameOf: ReadonlyMap<number, string>,
): PlannedRoute | undefined {
  const { destination: network, prefixLength: length, priority = 0, type } = route;
  const place = { prefix: { network, length }, priority };
  if (type === 'unreachable') return { kind: 'unreachable', ...place };
  const { gateway, interface: index, onlink } = route;
  const hops = route.nextHops ?? (index === undefined ? [] : [{ gateway, interface: index, onlink, weight: 1 }]);
  if (type !== 'unicast' || !hops.some(hop => own.has(hop.interface))) return undefined;
  return {
    kind: 'unicast',
    ...place,
    hops: hops.map((hop): Hop => {
      const via = hop.gateway === undefined ? {} : { gateway: hop.gateway };
      const link = nameOf.get(hop.interface) ?? `index ${hop.interface}`;
      return { link, ...via, onlink: hop.onlink === true, weight: hop.weight };
    }),
  };
}

/** Without those whose link is not there. */
function readSettings({ namespace }: Target, { settings }: PlacePlan): ReadonlyMap<string, string> {
  return new Map(settings.flatMap(({ key }) => entryOf(key, settingOf(namespace, key))));
}

function entryOf(key: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[key, value]];
}

function settingOf(namespace: string | undefined, key: string): string | undefined {
  try {
    return readSysctl(namespace, key);
  } catch (error) {
    if (error instanceof NamespaceError && error.code === 'ENOENT' && error.object === key) return undefined;
    throw error;
  }
}
