// A classic pcap file (link type RAW) of packets, as replay and trace read it.

import type { Frame } from '../../src/pcap/frame';

export function captureOf(frames: readonly Frame[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65535, 16);
  header.writeUInt32LE(101, 20);
  return Buffer.concat([header, ...frames.flatMap(({ bytes }) => [record(bytes.length), bytes])]);
}

/** Time, then captured and original length. */
function record(length: number): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(length, 8);
  header.writeUInt32LE(length, 12);
  return header;
}
