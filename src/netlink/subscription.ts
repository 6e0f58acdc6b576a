// What changes in a network namespace, told by the kernel as it happens: `nft monitor`, `ip monitor`. Nothing is lost
// without being told: where the receive buffer overflowed there is an event `lost`, and the subscriber reads anew.

import { openSocket, type Socket } from '../native';
import { type Message, splitMessages } from './message';
import { isLost } from './netlink-error';
import { decodeGeneration, type Generation } from './nftables/generation';
import { NFNL_SUBSYS_NFTABLES, NFT_MSG_NEWGEN, nftablesType } from './nftables/nfgenmsg';
import {
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_DELNEIGH,
  RTM_DELNETCONF,
  RTM_DELROUTE,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWNEIGH,
  RTM_NEWNETCONF,
  RTM_NEWROUTE,
} from './route/rtnetlink';
import { setReceiveBuffer } from './socket-buffer';

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOL_NETLINK = 270;
const NETLINK_ADD_MEMBERSHIP = 1;

/** A batch of 20,000 rules is notified in some 10 MB. Memory is taken only for what lies unread. */
const RECEIVE_BYTES = 8 * 1024 * 1024;

/** NFNLGRP_* and RTNLGRP_*, of which any number may be asked for. */
const GROUPS = {
  netfilter: { protocol: 12, numbers: { nftables: 7 } },
  route: {
    protocol: 0,
    numbers: {
      link: 1,
      neighbour: 3,
      ipv4_address: 5,
      ipv4_route: 7,
      ipv6_address: 9,
      ipv6_route: 11,
      ipv4_netconf: 24,
      ipv6_netconf: 25,
    },
  },
} as const;
export type NetfilterGroup = keyof typeof GROUPS.netfilter.numbers;
export type RouteGroup = keyof typeof GROUPS.route.numbers;

export type SubscriptionOptions = {
  /** Path or descriptor of the namespace; the process's own when absent. */
  readonly netns?: string | number;
  /** Bytes of events that may lie unread; 8 MiB when absent. */
  readonly receiveBuffer?: number;
} & (
  | { readonly protocol: 'netfilter'; readonly groups: readonly NetfilterGroup[] }
  | { readonly protocol: 'route'; readonly groups: readonly RouteGroup[] }
);

export type KernelEvent =
  /** The end of a transaction of nf_tables; `portId` is that of the connection which committed it. */
  | { readonly kind: 'generation'; readonly generation: Generation; readonly portId: number }
  /** Something in that transaction. */
  | { readonly kind: 'ruleset'; readonly message: Message }
  | RouteEvent;

/** `netconf`: forwarding, rp_filter and the like of a device, of all or of those to come. */
interface RouteEvent {
  readonly kind: 'link' | 'neighbour' | 'address' | 'route' | 'netconf';
  readonly change: 'new' | 'deleted';
  readonly message: Message;
}

/** Events were dropped: what the subscriber knows may be old. */
export interface EventsLost {
  readonly kind: 'lost';
}

export interface Subscription {
  /** Resolves after close(); rejects when the socket fails or the subscriber throws, and no more events come. */
  readonly ended: Promise<void>;
  /** Calling twice is harmless. */
  close(): void;
}

/**
 * Events from now on, in their order, each given to `on` once. Throws a NativeError when the socket cannot be opened. The
 * namespace lives until close().
 */
export function subscribe(options: SubscriptionOptions, on: (event: KernelEvent | EventsLost) => void): Subscription {
  const place = options.netns === undefined ? {} : { netns: options.netns };
  const { protocol } = GROUPS[options.protocol];
  const socket = openSocket({ ...place, domain: AF_NETLINK, type: SOCK_RAW, protocol });
  try {
    setReceiveBuffer(socket, options.receiveBuffer ?? RECEIVE_BYTES);
    socket.bindNetlink(0, 0);
    for (const group of groupNumbers(options)) socket.setOption(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
  } catch (error) {
    socket.close();
    throw error;
  }
  return listen(socket, on);
}

function groupNumbers(options: SubscriptionOptions): readonly number[] {
  if (options.protocol === 'netfilter') return options.groups.map(group => GROUPS.netfilter.numbers[group]);
  return options.groups.map(group => GROUPS.route.numbers[group]);
}

function listen(socket: Socket, on: (event: KernelEvent | EventsLost) => void): Subscription {
  let closed = false;
  const close = () => {
    closed = true;
    socket.close();
  };
  const read = async () => {
    while (!closed) {
      const { datagrams, lost } = await receiveOrLose(socket, () => closed);
      for (const message of datagrams.flatMap(splitMessages)) {
        const event = closed ? undefined : kernelEvent(message);
        if (event !== undefined) on(event);
      }
      if (lost && !closed) on({ kind: 'lost' });
    }
  };
  return { ended: read().finally(close), close };
}

interface Received {
  readonly datagrams: readonly Uint8Array[];
  /** Behind these. */
  readonly lost: boolean;
}

async function receiveOrLose(socket: Socket, isClosed: () => boolean): Promise<Received> {
  try {
    return { datagrams: await socket.receive(), lost: false };
  } catch (error) {
    if (isClosed()) return { datagrams: [], lost: false };
    if (isLost(error)) return { datagrams: drain(socket), lost: true };
    throw error;
  }
}

/**
 * Once it has dropped an event the kernel drops all that follow, and says no more of it, until the queue is empty
 * (NETLINK_S_CONGESTED). So the queue is emptied before the subscriber hears of the loss and reads anew: from then on it
 * misses nothing again. That ends, since nothing comes in meanwhile.
 */
function drain(socket: Socket): readonly Uint8Array[] {
  const datagrams: Uint8Array[] = [];
  for (;;) {
    const left = receiveLeft(socket);
    if (left?.length === 0) return datagrams;
    if (left !== undefined) datagrams.push(...left);
  }
}

/** undefined where more was lost. */
function receiveLeft(socket: Socket): readonly Uint8Array[] | undefined {
  try {
    return socket.receiveNow();
  } catch (error) {
    if (isLost(error)) return undefined;
    throw error;
  }
}

/** undefined for messages of no group above, such as those about address labels that share a group with others. */
function kernelEvent(message: Message): KernelEvent | undefined {
  if (message.type === nftablesType(NFT_MSG_NEWGEN))
    return { kind: 'generation', generation: decodeGeneration(message), portId: message.portId };
  if (message.type >> 8 === NFNL_SUBSYS_NFTABLES) return { kind: 'ruleset', message };
  const event = ROUTE_EVENTS.get(message.type);
  return event && { ...event, message };
}

const ROUTE_EVENTS: ReadonlyMap<number, Omit<RouteEvent, 'message'>> = new Map([
  [RTM_NEWNETCONF, { kind: 'netconf', change: 'new' }],
  [RTM_DELNETCONF, { kind: 'netconf', change: 'deleted' }],
  [RTM_NEWLINK, { kind: 'link', change: 'new' }],
  [RTM_DELLINK, { kind: 'link', change: 'deleted' }],
  [RTM_NEWNEIGH, { kind: 'neighbour', change: 'new' }],
  [RTM_DELNEIGH, { kind: 'neighbour', change: 'deleted' }],
  [RTM_NEWADDR, { kind: 'address', change: 'new' }],
  [RTM_DELADDR, { kind: 'address', change: 'deleted' }],
  [RTM_NEWROUTE, { kind: 'route', change: 'new' }],
  [RTM_DELROUTE, { kind: 'route', change: 'deleted' }],
] as const);
