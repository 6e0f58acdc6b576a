// Where answers come in that do not take the tunnel: the host's namespace, with one socket a family for all tunnels that
// are probed, since the kernel copies every ICMP packet to every raw socket.

import type { Socket } from '../native';
import type { Target } from '../reconcile/target';
import { answerOf, type Echo } from './echo';
import { hear, openRawSocket } from './raw-socket';

export interface InternetAnswers {
  /** The number by which a prober's answers are known. */
  join(on: (answer: Echo) => void): number;
  leave(prober: number): void;
  /** Before a probe is sent. Throws NamespaceError where there is no socket yet and none can be opened. */
  listen(family: 4 | 6): void;
  /** Calling twice is harmless. */
  close(): void;
}

/** Nothing is opened before the first listen(). */
export function internetAnswers(host: Target): InternetAnswers {
  const sockets = new Map<4 | 6, Socket>();
  const probers = new Map<number, (answer: Echo) => void>();
  let joined = 0;

  function open(family: 4 | 6): void {
    const socket = openRawSocket(host, family);
    sockets.set(family, socket);
    void hear(socket, datagram => {
      const answer = answerOf(family, datagram);
      if (answer !== undefined) probers.get(answer.prober)?.(answer);
    }).then(() => {
      if (sockets.get(family) === socket) sockets.delete(family);
    });
  }

  return {
    join(on) {
      joined = (joined + 1) >>> 0;
      probers.set(joined, on);
      return joined;
    },
    leave(prober) {
      probers.delete(prober);
    },
    listen(family) {
      if (!sockets.has(family)) open(family);
    },
    close() {
      for (const socket of sockets.values()) socket.close();
      sockets.clear();
    },
  };
}
