// Which links of an account have to be made, removed or set. A device of our name that is not ours is never touched: it is
// told. What cannot be changed in a device makes it go and come anew.

import { isDeepStrictEqual } from 'node:util';
import type { Link } from '../netlink/route/link';
import type { ActualPlace } from './actual';
import { type Names, parseAlias } from './names';
import { NetworkError } from './network-error';
import type { NetworkPlan, TunnelPlan, UplinkPlan } from './plan';
import type { LinkInTheWay, NetworkDifference } from './settle';
import type { LinkStep, Side } from './step';

interface Present {
  readonly inside: ActualPlace;
  readonly outside: ActualPlace;
  /** Tunnels of the account that somebody has moved to the host's namespace: no others like them can be made. */
  readonly astray: readonly Link[];
}

type LinkDifference = Pick<NetworkDifference, 'links' | 'inTheWay'>;

export function linkDifference(plan: NetworkPlan, names: Names, present: Present): LinkDifference {
  const { uplink, tunnels } = plan;
  const found = [
    ...(uplink === undefined ? [] : [uplinkSteps(plan, uplink, names, present)]),
    ...tunnels.map(tunnel => tunnelSteps(plan, tunnel, names, present)),
  ];
  return {
    links: [...staleLinks(plan, names, present), ...found.flatMap(each => ('error' in each ? [] : each))],
    inTheWay: found.filter(each => 'error' in each),
  };
}

/** Links of ours that the plan does not have, or not under their name, and those that a killed run did not move. */
function staleLinks(plan: NetworkPlan, names: Names, { inside, outside, astray }: Present): LinkStep[] {
  const wanted = new Set([...(plan.uplink ? [plan.uplink.account.name] : []), ...plan.tunnels.map(({ name }) => name)]);
  const unmoved = new Set(plan.tunnels.map(({ unmovedName }) => unmovedName));
  const isStale = ({ name, alias }: Link) => {
    const mark = parseAlias(names, alias);
    if (mark?.account !== plan.account || mark.link === 'lo') return false;
    return mark.link !== name || !wanted.has(name);
  };
  const leftBehind = outside.links.filter(({ name }) => unmoved.has(name));
  const stale = inside.links.filter(link => isStale(link) && !leftBehind.some(({ name }) => name === link.name));
  return [
    ...stale.map(link => removal('inside', link)),
    ...[...leftBehind, ...astray].map(link => removal('outside', link)),
  ];
}

function uplinkSteps(
  plan: NetworkPlan,
  uplink: UplinkPlan,
  names: Names,
  { inside, outside }: Present,
): LinkStep[] | LinkInTheWay {
  const host = outside.links.find(({ name }) => name === uplink.host.name);
  const peer = inside.links.find(({ name }) => name === uplink.account.name);
  if (host !== undefined && peer !== undefined && host.link === peer.index && peer.link === host.index) {
    const { alias, mtu } = uplink;
    return [
      ...setting('outside', host, { ...ETHERNET, alias, mtu, address: uplink.host.address }),
      ...setting('inside', peer, { ...ETHERNET, alias, mtu, address: uplink.account.address }),
    ];
  }
  if (peer !== undefined && parseAlias(names, peer.alias)?.account !== plan.account) return foreignLink(plan, peer);
  // With one end the other goes.
  return [
    ...(host === undefined ? [] : [removal('outside', host)]),
    ...(peer === undefined ? [] : [removal('inside', peer)]),
    { kind: 'make-uplink', uplink },
  ];
}

function tunnelSteps(
  plan: NetworkPlan,
  tunnel: TunnelPlan,
  names: Names,
  { inside }: Present,
): LinkStep[] | LinkInTheWay {
  const { name, alias, mtu, address } = tunnel;
  const device = inside.links.find(link => link.name === name);
  if (device === undefined) return [{ kind: 'make-tunnel', tunnel }];
  const isSame = isDeepStrictEqual(device.tunnel, tunnel.tunnel);
  const isOurs = parseAlias(names, device.alias)?.account === plan.account;
  // In a namespace of its own only an alias can have been lost.
  if (!isOurs && !(isSame && plan.place.kind === 'own')) return foreignLink(plan, device);
  if (!isSame) return [removal('inside', device), { kind: 'make-tunnel', tunnel }];
  return setting('inside', device, {
    alias,
    mtu,
    protodown: false,
    ...(address !== undefined && { ...ETHERNET, address }),
  });
}

type Settable = Extract<LinkStep, { kind: 'set-link' }>['change'];

/** What others can set of a device that has link-layer addresses, and that keeps packets from it. */
const ETHERNET = { arp: true, protodown: false } as const;

/** Out of its master first: some of them do not let other things be changed. */
function setting(side: Side, link: Link, wanted: Settable): LinkStep[] {
  const { name, index, master } = link;
  const keys = (['alias', 'mtu', 'address', 'arp', 'protodown'] as const).filter(
    key => wanted[key] !== undefined && wanted[key] !== link[key],
  );
  const change: Settable = Object.fromEntries(keys.map(key => [key, wanted[key]]));
  return [...(master === undefined ? [] : [{ master: 0 }]), ...(keys.length === 0 ? [] : [change])].map(
    (each): LinkStep => ({ kind: 'set-link', side, name, index, change: each }),
  );
}

function removal(side: Side, { name, index }: Link): LinkStep {
  return { kind: 'remove-link', side, name, index };
}

function foreignLink({ account, place }: NetworkPlan, { name }: Link): LinkInTheWay {
  const where = place.kind === 'host' ? "the host's network namespace" : `network namespace ${place.name}`;
  const error = new NetworkError(
    'network.foreign-link',
    `${where} has a link ${name} already, which is not of account ${account}`,
    'rename or delete that link, or give the tunnel another name',
  );
  return { link: name, error };
}
