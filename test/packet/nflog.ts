// What rules report to an NFLOG group, read from the kernel as ulogd would: nfnetlink_log, raw.
// include/uapi/linux/netfilter/nfnetlink_log.h

import { openSocket, type Socket } from '../../src/native';
import { readU16 } from '../../src/netlink/attribute';
import { splitMessages } from '../../src/netlink/message';
import { namespacePath } from '../../src/netns/namespace';

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const NETLINK_NETFILTER = 12;
const PACKET = 4 << 8;
const CONFIG = (4 << 8) | 1;
const NLM_F_REQUEST_ACK = 5;
const NFGENMSG = 4;
const PAYLOAD = 9;
const PREFIX = 10;
const SO_RCVBUFFORCE = 33;

export interface Logged {
  /** Without the space at its end. */
  readonly prefix: string;
  readonly packet: Uint8Array;
}

export interface LogReader {
  /** What was logged up to the first packet with this prefix, which is left out. */
  until(prefix: string): Promise<Logged[]>;
  close(): void;
}

/** Every packet at once and whole. Only one process may read a group. */
export async function readLog(namespace: string, group: number): Promise<LogReader> {
  const place = { domain: AF_NETLINK, type: SOCK_RAW, protocol: NETLINK_NETFILTER };
  const socket = openSocket({ netns: namespacePath(namespace), ...place });
  socket.setOption(1, SO_RCVBUFFORCE, 16 << 20);
  socket.bindNetlink(0, 0);
  // NFULA_CFG_CMD: bind; NFULA_CFG_MODE: packets up to 65,535 bytes; NFULA_CFG_QTHRESH: one by one.
  for (const attribute of ['0500010001000000', '0a0002000000ffff02000000', '0800050000000001']) {
    await socket.send(configuration(group, Buffer.from(attribute, 'hex')));
    await socket.receive();
  }
  return { until: prefix => readUntil(socket, prefix), close: () => socket.close() };
}

function configuration(group: number, attribute: Uint8Array): Uint8Array {
  const message = Buffer.alloc(16 + NFGENMSG + attribute.length);
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(CONFIG, 4);
  message.writeUInt16LE(NLM_F_REQUEST_ACK, 6);
  message.writeUInt16BE(group, 18);
  message.set(attribute, 20);
  return message;
}

async function readUntil(socket: Socket, prefix: string): Promise<Logged[]> {
  const found: Logged[] = [];
  for (;;) {
    for (const datagram of await socket.receive()) {
      for (const { type, payload } of splitMessages(datagram)) {
        if (type !== PACKET) continue;
        const logged = loggedOf(payload.subarray(NFGENMSG));
        if (logged.prefix === prefix) return found;
        found.push(logged);
      }
    }
  }
}

function loggedOf(attributes: Uint8Array): Logged {
  const values = new Map<number, Uint8Array>();
  for (let at = 0; at + 4 <= attributes.length; ) {
    const length = readU16(attributes, at);
    values.set(readU16(attributes, at + 2) & 0x3fff, attributes.subarray(at + 4, at + length));
    at += (length + 3) & ~3;
  }
  const prefix = Buffer.from(values.get(PREFIX) ?? []).toString('latin1');
  return { prefix: prefix.replace(/ ?\0$/, ''), packet: Uint8Array.from(values.get(PAYLOAD) ?? []) };
}
