// Datagrams for policies that judge by the port: to each of the ports one of each family, once or until it is enough.

import { setImmediate } from 'node:timers/promises';
import { macBytes } from '../../src/netlink/route/mac';
import { ipPacket, udp } from '../../src/packet/build';
import type { ScratchNetwork } from '../../src/replay/scratch-network';
import type { WrittenRule } from '../packet/rules';

export const SOURCE = '02:00:00:00:00:01';
export const SOURCE_BYTES = macBytes(SOURCE);
/** Below net.core.netdev_max_backlog (1,000). */
const BATCH = 240;

/** `port-7000` and so on. */
export function blockEach(ports: readonly number[]): readonly WrittenRule[] {
  return ports.map(port => ({ ref: `port-${port}`, expression: `udp.dstport == ${port}`, action: 'block' }));
}

export async function sendTo(network: ScratchNetwork, ports: readonly number[]): Promise<void> {
  const frames = framesTo(network, ports);
  for (let sent = 0; sent < frames.length; ) sent += await network.wire.sendMany(frames.slice(sent, sent + BATCH));
}

export interface FloodState {
  isInForce: boolean;
  isDone: boolean;
}

/** From the moment on that a policy is in force. */
export async function flood(network: ScratchNetwork, ports: readonly number[], state: FloodState): Promise<void> {
  const frames = framesTo(network, ports);
  const batch = Array.from({ length: Math.floor(BATCH / frames.length) }, () => frames).flat();
  while (!state.isDone) {
    if (state.isInForce) await network.wire.sendMany(batch);
    else await setImmediate();
  }
}

function framesTo({ receiver }: ScratchNetwork, ports: readonly number[]): Uint8Array[] {
  return ports.flatMap(port => [
    Buffer.concat([receiver, SOURCE_BYTES, Buffer.from([0x08, 0x00]), packet('192.0.2.1', '192.0.2.2', port)]),
    Buffer.concat([receiver, SOURCE_BYTES, Buffer.from([0x86, 0xdd]), packet('2001:db8::1', '2001:db8::2', port)]),
  ]);
}

function packet(source: string, destination: string, port: number): Uint8Array {
  return ipPacket({ source, destination }, udp(40000, port, 'x'));
}
