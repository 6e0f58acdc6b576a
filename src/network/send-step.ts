// Steps as requests of rtnetlink. Tunnels are made in the host's namespace under names of their own, get their alias, and are
// moved with their name in one message: in the account's namespace no tunnel is ever without its alias.

import { closeSync, openSync } from 'node:fs';
import { unreachable } from '../diagnostic/invariant';
import type { Connection } from '../netlink/connection';
import { isAlreadyThere, isNotFound, NetlinkError } from '../netlink/netlink-error';
import { addAddress, deleteAddress } from '../netlink/route/address';
import { appendFdbEntry, deleteFdbEntry } from '../netlink/route/fdb';
import { createTunnel, createVeth, deleteLink, renameLink, setLink } from '../netlink/route/link';
import { replaceNeighbour } from '../netlink/route/neighbour';
import { addRoute, deleteRoute, type Route, replaceRoute } from '../netlink/route/route';
import { namespacePath } from '../netns/namespace';
import { writeSysctl } from '../netns/sysctl';
import { linkNamed, type Place } from './actual';
import { RTPROT_RAMPART } from './names';
import { NetworkError } from './network-error';
import type { PlannedRoute, TunnelPlan, UplinkPlan } from './plan';
import { type LayerStep, type LinkStep, routeWords } from './step';

export interface Places {
  readonly inside: Place;
  readonly outside: Place;
}

export async function sendLinkStep(step: LinkStep, places: Places): Promise<void> {
  switch (step.kind) {
    case 'remove-link':
      return removeLink(places[step.side].connection, step.index);
    case 'make-uplink':
      return makeUplink(step.uplink, places);
    case 'make-tunnel':
      return makeTunnel(step.tunnel, places);
    case 'set-link':
      await places[step.side].connection.request(setLink({ index: step.index }, step.change));
      return;
    default:
      return unreachable(step);
  }
}

/** `indices` of the links of the step's side, by name. */
export async function sendLayerStep(
  step: LayerStep,
  { target, connection }: Place,
  indices: ReadonlyMap<string, number>,
): Promise<void> {
  switch (step.kind) {
    case 'write-setting':
      writeSysctl(target.namespace, step.setting.key, step.setting.value);
      return;
    case 'bring-up':
      await connection.request(setLink({ name: step.link }, { up: true }));
      return;
    case 'add-address':
    case 'remove-address': {
      const { link, address, prefixLength } = step.address;
      const there = { interface: indexOf(indices, link), address, prefixLength };
      if (step.kind === 'remove-address') return removeRequest(connection.request(deleteAddress(there)));
      const flags = { nodad: address.family === 6, noprefixroute: true };
      await connection.request(addAddress({ ...there, ...flags, protocol: RTPROT_RAMPART }));
      return;
    }
    case 'set-neighbour': {
      const { link, ...neighbour } = step.neighbour;
      await connection.request(replaceNeighbour({ interface: indexOf(indices, link), ...neighbour }));
      return;
    }
    case 'set-fdb-entry':
      await connection.request(appendFdbEntry(step.entry));
      return;
    case 'remove-fdb-entry':
      return removeRequest(connection.request(deleteFdbEntry(step.entry)));
    case 'add-route':
      return addOurRoute(connection, step.route, indices);
    case 'replace-route':
      await connection.request(replaceRoute(kernelRoute(step.route, indices)));
      return;
    case 'remove-route': {
      const { prefix, priority } = step.route;
      const { network: destination, length: prefixLength } = prefix;
      return removeRequest(
        connection.request(deleteRoute({ destination, prefixLength, priority, protocol: RTPROT_RAMPART })),
      );
    }
    default:
      return unreachable(step);
  }
}

async function removeLink(connection: Connection, index: number): Promise<void> {
  return removeRequest(connection.request(deleteLink({ index })));
}

/** What is gone already is content. ENODEV: of a link, ESRCH: of a route, EADDRNOTAVAIL: of an address. */
async function removeRequest(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    const gone = error instanceof NetlinkError && ['ENODEV', 'ESRCH', 'EADDRNOTAVAIL'].includes(error.code);
    if (!gone && !isNotFound(error)) throw error;
  }
}

async function makeUplink({ host, account, alias, mtu }: UplinkPlan, { inside, outside }: Places): Promise<void> {
  await inNamespace(inside, async netns => {
    const peer = { name: account.name, mtu, address: account.address, ...(netns !== undefined && { netns }) };
    await outside.connection.request(createVeth({ name: host.name, mtu, address: host.address, peer }));
  });
  await outside.connection.request(setLink({ name: host.name }, { alias }));
  await inside.connection.request(setLink({ name: account.name }, { alias }));
}

async function makeTunnel(plan: TunnelPlan, places: Places): Promise<void> {
  const { unmovedName: name, mtu, tunnel, address, alias } = plan;
  try {
    await places.outside.connection.request(
      createTunnel({ name, mtu, tunnel, ...(address !== undefined && { address }) }),
    );
  } catch (error) {
    throw tunnelError(plan, error);
  }
  await moveIn(name, plan.name, alias, places);
}

async function moveIn(unmoved: string, name: string, alias: string, { inside, outside }: Places): Promise<void> {
  const { connection } = outside;
  await connection.request(setLink({ name: unmoved }, { alias }));
  const link = await linkNamed(connection, unmoved);
  if (link === undefined) return;
  if (inside.connection === connection) {
    await connection.request(renameLink(link.index, { name }));
    return;
  }
  await inNamespace(inside, async netns => {
    await connection.request(renameLink(link.index, { name, ...(netns !== undefined && { netns }) }));
  });
}

/** With a descriptor of the place's namespace; undefined where that is the process's own. */
async function inNamespace({ target }: Place, use: (netns: number | undefined) => Promise<void>): Promise<void> {
  if (target.namespace === undefined) return use(undefined);
  const netns = openSync(namespacePath(target.namespace), 'r');
  try {
    await use(netns);
  } finally {
    closeSync(netns);
  }
}

function tunnelError({ name, tunnel }: TunnelPlan, error: unknown): unknown {
  if (isAlreadyThere(error))
    return new NetworkError(
      'network.tunnel-taken',
      `another device has what tells tunnel ${name} from others`,
      `${tunnel.kind === 'vxlan' ? 'give it a VNI or port of its own' : 'give it ends or a key of its own'}; if it is the tunnel itself that somebody has moved to another network namespace, delete it there`,
      error,
    );
  if (!(error instanceof NetlinkError) || error.code !== 'EOPNOTSUPP') return error;
  return new NetworkError(
    'network.no-tunnel-kind',
    `this kernel makes no ${tunnel.kind} devices, as tunnel ${name} needs`,
    `load the module (modprobe ${MODULES[tunnel.kind]}), or take a kind that the kernel has`,
    error,
  );
}

const MODULES: Readonly<Record<TunnelPlan['tunnel']['kind'], string>> = {
  gre: 'ip_gre',
  ip6gre: 'ip6_gre',
  ipip: 'ipip',
  sit: 'sit',
  ip6tnl: 'ip6_tunnel',
  vxlan: 'vxlan',
};

async function addOurRoute(
  connection: Connection,
  route: PlannedRoute,
  indices: ReadonlyMap<string, number>,
): Promise<void> {
  try {
    await connection.request(addRoute(kernelRoute(route, indices)));
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
    throw new NetworkError(
      'network.foreign-route',
      `${routeWords(route)}: somebody else's route has this prefix and priority`,
      'delete that route, or take another priority',
      error,
    );
  }
}

function kernelRoute(route: PlannedRoute, indices: ReadonlyMap<string, number>): Route {
  const { prefix, priority } = route;
  const place = { destination: prefix.network, prefixLength: prefix.length, priority, protocol: RTPROT_RAMPART };
  if (route.kind === 'unreachable') return { ...place, type: 'unreachable' };
  const hops = route.hops.map(({ link, gateway, onlink, weight }) => {
    return { interface: indexOf(indices, link), ...(gateway && { gateway }), onlink, weight };
  });
  const [first] = hops;
  if (hops.length > 1 || first === undefined) return { ...place, nextHops: hops };
  const { weight, ...hop } = first;
  return { ...place, ...hop };
}

function indexOf(indices: ReadonlyMap<string, number>, link: string): number {
  const index = indices.get(link);
  if (index !== undefined) return index;
  throw new NetlinkError({
    code: 'ENODEV',
    operation: 'find a link',
    subject: link,
    cure: 'it has just gone; try again',
  });
}
