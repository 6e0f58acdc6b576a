// Signs that the links, addresses, routes or settings of an account may have been changed. The kernel does not say who changed
// them, and of most not even by which socket; so every change of those in the account's namespace is a sign.

import type { Prefix } from '../net/prefix';
import type { Message } from '../netlink/message';
import { isSetFdbEntry } from '../netlink/route/fdb';
import {
  type NotifiedRoute,
  notifiedAlias,
  notifiedNeighbourDevice,
  notifiedNetconfDevice,
  notifiedRoute,
} from '../netlink/route/notification';
import { type KernelEvent, type Subscription, subscribe } from '../netlink/subscription';
import { openIn } from '../netns/socket';
import { type Names, parseAlias, RTPROT_RAMPART } from '../network/names';
import { HOST_ROUTE_PRIORITY } from '../network/uplink';
import type { Target } from '../reconcile/target';
import type { Sign } from './sign';

/** Changes by the kernel itself. */
const KERNEL = 0;

/** In the account's namespace; `isOwn` knows the ports of our sockets. Throws NamespaceError. */
export function watchLinks(
  target: Target,
  receiveBuffer: number,
  isOwn: (portId: number) => boolean,
  on: (sign: Sign) => void,
): Subscription {
  const options = {
    protocol: 'route',
    groups: [
      'link',
      'neighbour',
      ...(['ipv4_address', 'ipv4_route', 'ipv4_netconf'] as const),
      ...(['ipv6_address', 'ipv6_route', 'ipv6_netconf'] as const),
    ],
    receiveBuffer,
  } as const;
  return subscribeIn(target, netns =>
    subscribe({ ...options, ...netns }, event => {
      if (event.kind === 'lost') on(event);
      else if (isChange(event, isOwn)) on({ kind: 'foreign_change' });
    }),
  );
}

/**
 * What a change of a link or an address brings with it for routes and neighbours, the kernel does. Of entries of forwarding
 * databases it says so of all, whoever has changed them.
 */
function isChange(event: KernelEvent, isOwn: (portId: number) => boolean): boolean {
  if (event.kind === 'generation' || event.kind === 'ruleset') return false;
  const { portId } = event.message;
  if (event.kind === 'neighbour' && portId === KERNEL) return isSetFdbEntry(event.message);
  return !isOwn(portId) && (portId !== KERNEL || event.kind !== 'route');
}

export type HostSign =
  | { readonly kind: 'link'; readonly account: string }
  /** A neighbour or a setting of a device, which may be an account's. */
  | { readonly kind: 'device'; readonly index: number }
  | { readonly kind: 'route'; readonly prefix: Prefix }
  | { readonly kind: 'lost' };

/** In the host's namespace, where there may be many links and routes that are none of ours. Throws NamespaceError. */
export function watchHost(
  target: Target,
  names: Names,
  receiveBuffer: number,
  isOwn: (portId: number) => boolean,
  on: (sign: HostSign) => void,
): Subscription {
  const options = {
    protocol: 'route',
    groups: ['link', 'neighbour', 'ipv4_route', 'ipv4_netconf', 'ipv6_route', 'ipv6_netconf'],
    receiveBuffer,
  } as const;
  return subscribeIn(target, netns =>
    subscribe({ ...options, ...netns }, event => {
      const sign = event.kind === 'lost' ? event : hostSign(event, names, isOwn);
      if (sign !== undefined) on(sign);
    }),
  );
}

/** A setting bears nobody's port. */
function hostSign(event: KernelEvent, names: Names, isOwn: (portId: number) => boolean): HostSign | undefined {
  if (event.kind === 'generation' || event.kind === 'ruleset') return undefined;
  const { kind, message } = event;
  const isForeign = message.portId !== KERNEL && !isOwn(message.portId);
  if (kind === 'link') return linkSign(message, names);
  if (kind === 'netconf' && event.change === 'new') return deviceSign(notifiedNetconfDevice(message));
  if (kind === 'neighbour' && isForeign) return deviceSign(notifiedNeighbourDevice(message));
  return kind === 'route' && !isOwn(message.portId) ? routeSign(message) : undefined;
}

function deviceSign(index = 0): HostSign | undefined {
  return index > 0 ? { kind: 'device', index } : undefined;
}

function linkSign(message: Message, names: Names): HostSign | undefined {
  const account = parseAlias(names, notifiedAlias(message))?.account;
  return account === undefined ? undefined : { kind: 'link', account };
}

function routeSign(message: Message): HostSign | undefined {
  const route = notifiedRoute(message);
  if (route === undefined || !isOfOurs(route)) return undefined;
  return { kind: 'route', prefix: { network: route.network, length: route.prefixLength } };
}

/** Or at the place of one of ours. */
function isOfOurs({ protocol, priority }: NotifiedRoute): boolean {
  return protocol === RTPROT_RAMPART || priority === HOST_ROUTE_PRIORITY;
}

function subscribeIn({ namespace }: Target, open: (place: { readonly netns?: string }) => Subscription): Subscription {
  return namespace === undefined ? open({}) : openIn(namespace, netns => open({ netns }));
}
