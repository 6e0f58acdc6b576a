// Signs that the links, addresses, routes or settings of an account may have been changed. The kernel does not say who changed
// them, and of most not even by which socket; so every change of those in the account's namespace is a sign.

import type { Prefix } from '../net/prefix';
import type { Message } from '../netlink/message';
import { notifiedAlias, notifiedRoute } from '../netlink/route/notification';
import { type KernelEvent, type Subscription, subscribe } from '../netlink/subscription';
import { openIn } from '../netns/socket';
import { type Names, parseAlias, RTPROT_RAMPART } from '../network/names';
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
    groups: ['link', 'ipv4_address', 'ipv4_route', 'ipv4_netconf', 'ipv6_address', 'ipv6_route', 'ipv6_netconf'],
    receiveBuffer,
  } as const;
  return subscribeIn(target, netns =>
    subscribe({ ...options, ...netns }, event => {
      if (event.kind === 'lost') on(event);
      else if (isChange(event, isOwn)) on({ kind: 'foreign_change' });
    }),
  );
}

/** What a change of a link or an address brings with it for routes, the kernel does. */
function isChange(event: KernelEvent, isOwn: (portId: number) => boolean): boolean {
  if (event.kind === 'generation' || event.kind === 'ruleset') return false;
  const { portId } = event.message;
  return !isOwn(portId) && (event.kind !== 'route' || portId !== KERNEL);
}

export type HostSign =
  | { readonly kind: 'link'; readonly account: string }
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
  const options = { protocol: 'route', groups: ['link', 'ipv4_route', 'ipv6_route'], receiveBuffer } as const;
  return subscribeIn(target, netns =>
    subscribe({ ...options, ...netns }, event => {
      const sign = event.kind === 'lost' ? event : hostSign(event, names, isOwn);
      if (sign !== undefined) on(sign);
    }),
  );
}

function hostSign(event: KernelEvent, names: Names, isOwn: (portId: number) => boolean): HostSign | undefined {
  if (event.kind === 'link') return linkSign(event.message, names);
  return event.kind === 'route' && !isOwn(event.message.portId) ? routeSign(event.message) : undefined;
}

function linkSign(message: Message, names: Names): HostSign | undefined {
  const account = parseAlias(names, notifiedAlias(message))?.account;
  return account === undefined ? undefined : { kind: 'link', account };
}

function routeSign(message: Message): HostSign | undefined {
  const route = notifiedRoute(message);
  if (route?.protocol !== RTPROT_RAMPART) return undefined;
  return { kind: 'route', prefix: { network: route.network, length: route.prefixLength } };
}

function subscribeIn({ namespace }: Target, open: (place: { readonly netns?: string }) => Subscription): Subscription {
  return namespace === undefined ? open({}) : openIn(namespace, netns => open({ netns }));
}
