// A namespace of our own with one veth pair, both ends in it: what is written to the one end the kernel receives at the
// other, as from a wire. Nothing else is connected to it, and it goes when the process ends, however it ends, except by
// SIGKILL.

import type { Socket } from '../native';
import { type Connection, openConnection } from '../netlink/connection';
import { createVeth, decodeLink, getLink, setLink } from '../netlink/route/link';
import { macBytes } from '../netlink/route/mac';
import { createNamespace, deleteNamespace, namespacePath } from '../netns/namespace';
import { openSocketIn } from '../netns/socket';

const AF_PACKET = 17;
const SOCK_RAW = 3;
const SEND_END = 'send0';
/** The interface that frames come in by. */
export const RECEIVE_END = 'receive0';
const RECEIVE_MAC = '02:00:00:00:00:10';
/** ETH_MAX_MTU: an IPv4 packet can be no longer. */
export const MTU = 65535;

export interface ScratchNetwork {
  readonly namespace: string;
  readonly netfilter: Connection;
  /** Sends Ethernet frames into the pair. */
  readonly wire: Socket;
  readonly receiver: Uint8Array;
}

/** Runs with a network of that name, which must not exist, and removes it afterwards. */
export async function withScratchNetwork<T>(name: string, use: (network: ScratchNetwork) => Promise<T>): Promise<T> {
  createNamespace(name);
  const remove = () => deleteNamespace(name);
  process.once('exit', remove);
  const open: { close(): void }[] = [];
  try {
    const path = namespacePath(name);
    const route = openConnection({ protocol: 'route', netns: path });
    open.push(route);
    await route.request(
      createVeth({ name: SEND_END, mtu: MTU, peer: { name: RECEIVE_END, mtu: MTU, address: RECEIVE_MAC } }),
    );
    for (const name of [SEND_END, RECEIVE_END]) await route.request(setLink({ name }, { up: true }));
    const netfilter = openConnection({ protocol: 'netfilter', netns: path });
    open.push(netfilter);
    const wire = openSocketIn(name, { domain: AF_PACKET, type: SOCK_RAW, protocol: 0 });
    open.push(wire);
    wire.bindPacket(await linkIndex(route, SEND_END), 0);
    return await use({ namespace: name, netfilter, wire, receiver: macBytes(RECEIVE_MAC) });
  } finally {
    for (const each of open) each.close();
    process.off('exit', remove);
    remove();
  }
}

async function linkIndex(route: Connection, name: string): Promise<number> {
  const [answer] = await route.request(getLink({ name }));
  if (answer === undefined) throw new Error(`the kernel has no device ${name} that it has just made`);
  return decodeLink(answer).index;
}
