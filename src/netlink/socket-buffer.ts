// Kernel buffers of a netlink socket. One sendmsg carries a whole batch, so the send buffer must hold it; the errors of a
// batch all arrive before we read the first. The FORCE options need CAP_NET_ADMIN in the initial user namespace; without
// it the plain ones go as far as net.core.wmem_max and rmem_max, and what does not fit fails with EMSGSIZE or ENOBUFS.

import type { Socket } from '../native';
import { isNotPermitted } from './netlink-error';

const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_SNDBUFFORCE = 32;
const SO_RCVBUFFORCE = 33;

/** What nft counts with for the answer to one message. */
const BYTES_PER_ANSWER = 1024;
const MOST_RECEIVE_BYTES = 16 * 1024 * 1024;

export function reserveSendBuffer(socket: Socket, bytes: number): void {
  // The kernel doubles what is asked for and reads back the double; netlink_sendmsg keeps 32 bytes of it for itself.
  if (socket.getOption(SOL_SOCKET, SO_SNDBUF) < 2 * bytes) setBuffer(socket, SO_SNDBUFFORCE, SO_SNDBUF, bytes + 32);
}

export function reserveReceiveBuffer(socket: Socket, answers: number): void {
  const bytes = Math.min(answers * BYTES_PER_ANSWER, MOST_RECEIVE_BYTES);
  if (socket.getOption(SOL_SOCKET, SO_RCVBUF) < 2 * bytes) setBuffer(socket, SO_RCVBUFFORCE, SO_RCVBUF, bytes);
}

/** `bytes` of messages that nobody has read yet. */
export function setReceiveBuffer(socket: Socket, bytes: number): void {
  setBuffer(socket, SO_RCVBUFFORCE, SO_RCVBUF, bytes);
}

function setBuffer(socket: Socket, force: number, plain: number, bytes: number): void {
  try {
    socket.setOption(SOL_SOCKET, force, bytes);
  } catch (error) {
    if (!isNotPermitted(error)) throw error;
    socket.setOption(SOL_SOCKET, plain, bytes);
  }
}
