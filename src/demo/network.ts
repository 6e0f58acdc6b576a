// Client, account and origin: three namespaces in a row, joined by veth pairs. The account's forwards from the client to
// the origin; its rules stand in between. Addresses and neighbours are set by hand, so that no packet but ours is needed.

import { closeSync, openSync } from 'node:fs';
import { invariant } from '../diagnostic/invariant';
import type { Socket } from '../native';
import { type Address, parseAddress } from '../net/address';
import { type Connection, openConnection } from '../netlink/connection';
import { addAddress } from '../netlink/route/address';
import { createVeth, decodeLink, getLink, setLink } from '../netlink/route/link';
import { macBytes } from '../netlink/route/mac';
import { replaceNeighbour } from '../netlink/route/neighbour';
import { createNamespace, deleteNamespace, listNamespaces, namespacePath } from '../netns/namespace';
import { openSocketIn } from '../netns/socket';
import { writeSysctl } from '../netns/sysctl';

const AF_PACKET = 17;
const SOCK_RAW = 3;
const ETH_P_ALL = 3;
const ROLES = ['client', 'account', 'origin'] as const;
const ACCOUNT_MAC = '02:00:00:00:01:01';
const ORIGIN_MAC = '02:00:00:00:02:02';

export interface DemoNetwork {
  /** The namespace that the policy goes into. */
  readonly account: string;
  /** The client's end of its link, for Ethernet frames to `gateway`. */
  readonly client: Socket;
  readonly gateway: Uint8Array;
  /** The origin's end: every frame that arrives there. */
  readonly origin: Socket;
}

/** Removes what an interrupted demonstration left: namespaces of ours whose process is gone. */
export function removeAbandoned(): string[] {
  const abandoned = listNamespaces().filter(name => {
    const [, process_] = /^rampart-demo-([0-9]+)-(?:client|account|origin)$/.exec(name) ?? [];
    return process_ !== undefined && !isAlive(Number(process_));
  });
  for (const name of abandoned) deleteNamespace(name);
  return abandoned;
}

/** Runs in a network of this process's own, and removes it afterwards. */
export async function withDemoNetwork<T>(use: (network: DemoNetwork) => Promise<T>): Promise<T> {
  const name = (role: (typeof ROLES)[number]) => `rampart-demo-${process.pid}-${role}`;
  const made: string[] = [];
  const open: { close(): void }[] = [];
  const remove = () => {
    for (const each of open.splice(0)) each.close();
    for (const namespace of made.splice(0)) deleteNamespace(namespace);
  };
  process.once('exit', remove);
  try {
    for (const role of ROLES) {
      createNamespace(name(role));
      made.push(name(role));
    }
    // Client and origin are only wires: without IPv6 of their own they send no router or multicast messages.
    for (const role of ['client', 'origin'] as const)
      writeSysctl(name(role), 'net/ipv6/conf/default/disable_ipv6', '1');
    await connectNamespaces(name('account'), { client0: name('client'), origin0: name('origin') });
    const client = await packetSocket(name('client'), 'account0', open);
    const origin = await packetSocket(name('origin'), 'account0', open);
    return await use({ account: name('account'), client, gateway: macBytes(ACCOUNT_MAC), origin });
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/** In the account's namespace a device for each peer, in each peer's one for the account. */
async function connectNamespaces(
  account: string,
  peers: Readonly<Record<'client0' | 'origin0', string>>,
): Promise<void> {
  const route = openConnection({ protocol: 'route', netns: namespacePath(account) });
  try {
    for (const [device, peer] of Object.entries(peers)) {
      const netns = openSync(namespacePath(peer), 'r');
      try {
        const address = device === 'client0' ? ACCOUNT_MAC : '02:00:00:00:02:01';
        const far = device === 'client0' ? '02:00:00:00:01:02' : ORIGIN_MAC;
        await route.request(createVeth({ name: device, address, peer: { name: 'account0', address: far, netns } }));
      } finally {
        closeSync(netns);
      }
      await up(peer, 'account0');
      await route.request(setLink({ name: device }, { up: true }));
    }
    await makeRouter(account, route);
  } finally {
    route.close();
  }
}

async function makeRouter(account: string, route: Connection): Promise<void> {
  for (const key of ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding']) writeSysctl(account, key, '1');
  for (const device of ['all', 'client0', 'origin0']) writeSysctl(account, `net/ipv4/conf/${device}/rp_filter`, '0');
  const client = await indexOf(route, 'client0');
  const origin = await indexOf(route, 'origin0');
  // Any source that the demonstration uses is behind the client: a route back, or the kernel takes them for martians.
  for (const [device, own, length] of [
    [client, '192.0.2.1', 24],
    [client, '2001:db8:1::1', 64],
    [origin, '10.80.0.1', 24],
    [origin, '2001:db8:80::1', 64],
  ] as const) {
    await route.request(addAddress({ interface: device, address: address(own), prefixLength: length, nodad: true }));
  }
  for (const far of ['10.80.0.2', '2001:db8:80::2']) {
    await route.request(replaceNeighbour({ interface: origin, address: address(far), linkAddress: ORIGIN_MAC }));
  }
}

async function packetSocket(namespace: string, device: string, open: { close(): void }[]): Promise<Socket> {
  const netns = namespacePath(namespace);
  const route = openConnection({ protocol: 'route', netns });
  try {
    const socket = openSocketIn(namespace, { domain: AF_PACKET, type: SOCK_RAW, protocol: 0 });
    open.push(socket);
    socket.bindPacket(await indexOf(route, device), ETH_P_ALL);
    return socket;
  } finally {
    route.close();
  }
}

async function up(namespace: string, device: string): Promise<void> {
  const route = openConnection({ protocol: 'route', netns: namespacePath(namespace) });
  try {
    await route.request(setLink({ name: device }, { up: true }));
  } finally {
    route.close();
  }
}

async function indexOf(route: Connection, name: string): Promise<number> {
  const [answer] = await route.request(getLink({ name }));
  invariant(answer !== undefined, `the device ${name} was made a moment ago`);
  return decodeLink(answer).index;
}

function address(text: string): Address {
  const parsed = parseAddress(text);
  invariant(parsed !== undefined, `${text} is an address`);
  return parsed;
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
