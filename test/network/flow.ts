// Flows of one UDP packet each, from the client to the account's prefix, and by which device of the origin each arrives.

import type { Socket } from '../../src/native';
import { macBytes } from '../../src/netlink/route/mac';
import { openSocketIn } from '../../src/netns/socket';
import { ipPacket, udp } from '../../src/packet/build';
import type { World } from './world';

const AF_PACKET = 17;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const ETH_P_ALL = 3;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
/** So few that no queue on their way is full. */
const AT_ONCE = 200;
const PORT = 7778;

export interface Flows {
  /** Of each flow, the device that it came by. */
  send(family: 4 | 6, count: number): Promise<readonly string[]>;
  close(): void;
}

/** `devices` of the origin: all that the flows can come by. */
export function openFlows(world: World, devices: readonly string[]): Flows {
  const out = packetSocket(world, 'client', 'c0', SOCK_RAW);
  // Without a link's header: tunnels of layer 3 have none.
  const back = devices.map(device => ({ device, socket: packetSocket(world, 'origin', device, SOCK_DGRAM) }));
  const header = Buffer.concat([macBytes(macOf(world, 'host', 'hc')), macBytes(macOf(world, 'client', 'c0'))]);
  return {
    async send(family, count) {
      const arrived = new Map<number, string>();
      const frames = Array.from({ length: count }, (_, flow) => frameOf(header, family, flow));
      for (let sent = 0; sent < count; ) {
        sent += await out.sendMany(frames.slice(sent, sent + AT_ONCE));
        while (arrived.size < sent) await collect(back, family, arrived);
      }
      return Array.from({ length: count }, (_, flow) => arrived.get(flow) ?? 'nowhere');
    },
    close() {
      for (const { socket } of [{ socket: out }, ...back]) socket.close();
    },
  };
}

async function collect(
  back: readonly { readonly device: string; readonly socket: Socket }[],
  family: 4 | 6,
  arrived: Map<number, string>,
): Promise<void> {
  for (const { device, socket } of back) {
    for (const packet of socket.receiveNow()) {
      const flow = flowOf(Buffer.from(packet), family);
      if (flow !== undefined) arrived.set(flow, device);
    }
  }
  await new Promise(setImmediate);
}

function frameOf(addresses: Uint8Array, family: 4 | 6, flow: number): Uint8Array {
  const body = Buffer.alloc(4);
  body.writeUInt32BE(flow);
  const last = (flow % 200) + 1;
  const ends =
    family === 4
      ? { source: '198.18.0.2', destination: `203.0.113.${last}` }
      : { source: '2001:db8:c::2', destination: `2001:db8:1::${last.toString(16)}` };
  const etherType = Uint8Array.of(...(family === 4 ? [0x08, 0x00] : [0x86, 0xdd]));
  return Buffer.concat([addresses, etherType, ipPacket(ends, udp(1024 + flow, PORT, body))]);
}

/** undefined for what is no packet of a flow. */
function flowOf(packet: Buffer, family: 4 | 6): number | undefined {
  const transport = family === 4 ? 20 : 40;
  const version = packet.readUInt8(0) >> 4;
  if (version !== family || packet.length < transport + 12) return undefined;
  if (packet[family === 4 ? 9 : 6] !== 17) return undefined;
  return packet.readUInt16BE(transport + 2) === PORT ? packet.readUInt32BE(transport + 8) : undefined;
}

function packetSocket(world: World, role: string, device: string, type: number): Socket {
  const socket = openSocketIn(world.space(role), { domain: AF_PACKET, type, protocol: 0 });
  const [index] = /^\d+/.exec(world.run(role, 'ip', '-o', 'link', 'show', 'dev', device)) ?? [];
  socket.setOption(SOL_SOCKET, SO_RCVBUFFORCE, 64 * 1024 * 1024);
  socket.bindPacket(Number(index), ETH_P_ALL);
  return socket;
}

function macOf(world: World, role: string, device: string): string {
  const [, mac] = /link\/ether (\S+)/.exec(world.run(role, 'ip', '-o', 'link', 'show', 'dev', device)) ?? [];
  if (mac === undefined) throw new Error(`${role} has no ${device}`);
  return mac;
}
