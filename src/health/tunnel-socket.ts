// One tunnel's socket: in the account's namespace, bound to the tunnel's device, opened when the first probe is sent and
// anew where the device or the namespace has become another one of the same name.

import { isNativeError, type Socket } from '../native';
import type { Target } from '../reconcile/target';
import { bindToDevice, hear, openRawSocket } from './raw-socket';

export class TunnelSocket {
  readonly #place: Target;
  readonly #device: string;
  readonly #family: 4 | 6;
  readonly #on: (datagram: Uint8Array) => void;
  #socket: Socket | undefined;

  constructor(place: Target, device: string, family: 4 | 6, on: (datagram: Uint8Array) => void) {
    this.#place = place;
    this.#device = device;
    this.#family = family;
    this.#on = on;
  }

  /** False: the kernel has no room. Throws NamespaceError or NativeError. */
  send(packet: Uint8Array, nextHop: Uint8Array): boolean {
    const open = this.#socket;
    if (open === undefined) return this.#open().sendTo(packet, nextHop);
    try {
      return open.sendTo(packet, nextHop);
    } catch (error) {
      if (!isNativeError(error) || !MAY_BE_GONE.has(error.code)) throw error;
      this.close();
      return this.#open().sendTo(packet, nextHop);
    }
  }

  /** The next send opens it again. Lets go of the namespace. */
  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  #open(): Socket {
    const socket = openRawSocket(this.#place, this.#family);
    try {
      bindToDevice(socket, this.#device);
    } catch (error) {
      socket.close();
      throw error;
    }
    this.#socket = socket;
    void hear(socket, this.#on).then(() => {
      if (this.#socket === socket) this.#socket = undefined;
    });
    return socket;
  }
}

/** What sending by a device says that is no more: IPv4, IPv6. */
const MAY_BE_GONE: ReadonlySet<string> = new Set(['ENODEV', 'ENXIO', 'ENETUNREACH']);
