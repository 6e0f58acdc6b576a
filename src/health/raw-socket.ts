// Raw ICMP sockets that hear echo replies alone, and send packets with the IP header that they are given.

import { isNativeError, openSocket, type Socket } from '../native';
import type { Address } from '../net/address';
import { bigEndianBytes } from '../net/big-endian';
import { withCure } from '../netns/namespace-error';
import { openSocketIn } from '../netns/socket';
import type { Target } from '../reconcile/target';

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_RAW = 3;
const IPPROTO_ICMP = 1;
const IPPROTO_ICMPV6 = 58;

const SOL_SOCKET = 1;
const SO_BINDTODEVICE = 25;
const SOL_IP = 0;
const IP_HDRINCL = 3;
const SOL_IPV6 = 41;
const IPV6_HDRINCL = 36;
const SOL_RAW = 255;
const ICMP_FILTER = 1;
const SOL_ICMPV6 = 58;
const ICMPV6_FILTER = 1;

const ECHO_REPLY = 0;
const ICMPV6_ECHO_REPLY = 129;

/** Throws NamespaceError. The namespace lives until the socket is closed. */
export function openRawSocket({ namespace }: Target, family: 4 | 6): Socket {
  const options =
    family === 4
      ? { domain: AF_INET, type: SOCK_RAW, protocol: IPPROTO_ICMP }
      : { domain: AF_INET6, type: SOCK_RAW, protocol: IPPROTO_ICMPV6 };
  const socket =
    namespace === undefined
      ? withCure(
          'open a raw socket',
          'the own namespace',
          () => undefined,
          () => openSocket(options),
        )
      : openSocketIn(namespace, options);
  try {
    hearOnlyReplies(socket, family);
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}

function hearOnlyReplies(socket: Socket, family: 4 | 6): void {
  if (family === 4) {
    socket.setOption(SOL_IP, IP_HDRINCL, 1);
    // A set bit keeps its type out.
    socket.setOption(SOL_RAW, ICMP_FILTER, ~(1 << ECHO_REPLY));
  } else {
    socket.setOption(SOL_IPV6, IPV6_HDRINCL, 1);
    socket.setOptionBytes(SOL_ICMPV6, ICMPV6_FILTER, allBut(ICMPV6_ECHO_REPLY));
  }
}

/** Gives each datagram to `on`. Resolves once the socket is closed, or cannot be read, which closes it. */
export async function hear(socket: Socket, on: (datagram: Uint8Array) => void): Promise<void> {
  for (;;) {
    const datagrams = await received(socket);
    if (datagrams === undefined) return;
    datagrams.forEach(on);
  }
}

async function received(socket: Socket): Promise<readonly Uint8Array[] | undefined> {
  try {
    return await socket.receive();
  } catch (error) {
    // What cannot be read is no answer: the probes fail, and the next one opens a socket anew.
    if (!isNativeError(error)) throw error;
    socket.close();
    return undefined;
  }
}

/** Sends and hears by this device alone. Throws a NativeError with ENODEV where there is none of that name. */
export function bindToDevice(socket: Socket, device: string): void {
  socket.setOptionBytes(SOL_SOCKET, SO_BINDTODEVICE, Buffer.from(`${device}\0`));
}

/** struct sockaddr_in, struct sockaddr_in6; without port and scope. */
export function socketAddress({ family, value }: Address): Uint8Array {
  const bytes = new Uint8Array(family === 4 ? 16 : 28);
  new Uint16Array(bytes.buffer)[0] = family === 4 ? AF_INET : AF_INET6;
  bytes.set(bigEndianBytes(value, family === 4 ? 4 : 16), family === 4 ? 4 : 8);
  return bytes;
}

/** struct icmp6_filter: 256 bits in words of the machine's byte order. */
function allBut(type: number): Uint8Array {
  const words = new Uint32Array(8).fill(0xffffffff);
  words[type >> 5] = ~(1 << (type & 31));
  return new Uint8Array(words.buffer);
}
