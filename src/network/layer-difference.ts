// What has to be changed on links that are there: settings, addresses, neighbours, routes. What is added comes before what
// is removed, so that no packet finds neither.

import { printAddress } from '../net/address';
import { printPrefix } from '../net/prefix';
import type { FdbEntry } from '../netlink/route/fdb';
import type { ActualPlace } from './actual';
import type { Hop, LinkAddress, LinkNeighbour, PlacePlan, PlannedRoute } from './plan';
import type { LayerStep, Side } from './step';

/** `up`: names of the links that have to be up. */
export function layerSteps(
  side: Side,
  plan: PlacePlan,
  up: readonly string[],
  actual: ActualPlace,
): readonly LayerStep[] {
  const isUp = new Set(actual.links.filter(link => link.up).map(({ name }) => name));
  const addresses = new Set(actual.addresses.map(addressText));
  const neighbours = new Set(actual.neighbours.map(neighbourText));
  const wantedAddresses = new Set(plan.addresses.map(addressText));
  return [
    ...plan.settings
      .filter(({ key, value }) => actual.settings.get(key) !== value)
      .map(setting => ({ kind: 'write-setting', side, setting }) as const),
    ...up.filter(link => !isUp.has(link)).map(link => ({ kind: 'bring-up', side, link }) as const),
    ...plan.addresses
      .filter(each => !addresses.has(addressText(each)))
      .map(address => ({ kind: 'add-address', side, address }) as const),
    ...plan.neighbours
      .filter(each => !neighbours.has(neighbourText(each)))
      .map(neighbour => ({ kind: 'set-neighbour', side, neighbour }) as const),
    ...fdbSteps(side, plan, actual),
    ...routeSteps(side, plan.routes, actual.routes),
    ...actual.addresses
      .filter(each => !wantedAddresses.has(addressText(each)))
      .map(address => ({ kind: 'remove-address', side, address }) as const),
  ];
}

/** What leads elsewhere goes first: where it is a group of next hops the kernel takes nothing beside it. */
function fdbSteps(side: Side, plan: PlacePlan, { links, fdb }: ActualPlace): readonly LayerStep[] {
  return links.flatMap(({ name: link, index, kind }): LayerStep[] => {
    const wanted = plan.fdb.filter(each => each.link === link).map(each => ({ ...each, interface: index }));
    if (kind !== 'vxlan' || wanted.length === 0) return [];
    const kept = new Set(wanted.map(fdbText));
    const present = fdb.filter(entry => entry.interface === index);
    const permanent = new Set(present.filter(entry => entry.permanent).map(fdbText));
    return [
      ...present
        .filter(entry => !kept.has(fdbText(entry)))
        .map(entry => ({ kind: 'remove-fdb-entry', side, link, entry }) as const),
      ...wanted
        .filter(entry => !permanent.has(fdbText(entry)))
        .map(entry => ({ kind: 'set-fdb-entry', side, link, entry }) as const),
    ];
  });
}

function routeSteps(
  side: Side,
  wanted: readonly PlannedRoute[],
  actual: readonly PlannedRoute[],
): readonly LayerStep[] {
  const present = new Map(actual.map(route => [placeText(route), route]));
  const kept = new Set(wanted.map(placeText));
  const arriving = wanted.flatMap((route): LayerStep[] => {
    const before = present.get(placeText(route));
    if (before === undefined) return [{ kind: 'add-route', side, route }];
    return waysText(before) === waysText(route) ? [] : [{ kind: 'replace-route', side, route }];
  });
  const leaving = actual.filter(route => !kept.has(placeText(route)));
  return [...arriving, ...leaving.map(route => ({ kind: 'remove-route', side, route }) as const)];
}

/** The kernel has one route at each. */
function placeText({ prefix, priority }: PlannedRoute): string {
  return `${printPrefix(prefix)} ${priority}`;
}

/** In any order: of IPv6 the kernel does not say in which they came. */
function waysText(route: PlannedRoute): string {
  if (route.kind === 'unreachable') return 'unreachable';
  const { hops } = route;
  return hops
    .map(hop => hopText(hop, hops.length > 1))
    .sort()
    .join(', ');
}

/** The weight of a single way means nothing, and the kernel does not keep it. */
function hopText({ link, gateway, onlink, weight }: Hop, isOneOfSeveral: boolean): string {
  return [link, gateway && printAddress(gateway), onlink, isOneOfSeveral ? weight : 1].join(' ');
}

function addressText({ link, address, prefixLength }: LinkAddress): string {
  return `${link} ${printAddress(address)}/${prefixLength}`;
}

function neighbourText({ link, address, linkAddress }: LinkNeighbour): string {
  return `${link} ${printAddress(address)} ${linkAddress}`;
}

function fdbText({ linkAddress, remote, port, vni, via, nextHop }: FdbEntry): string {
  return [linkAddress, remote && printAddress(remote), port, vni, via, nextHop].join(' ');
}
