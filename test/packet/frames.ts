// The frames that the tests of meaning run over: every packet written out in packets.ts and, where the shared capture of
// real traffic is there, its 1,885 frames, malformed ones among them.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from '../../src/pcap/frame';
import { readCapture } from '../../src/pcap/read-capture';
import { PACKETS } from './packets';

export const CAPTURE = join(__dirname, '../../../shared/pcaps/mixed.pcap');
export const HAS_CAPTURE = existsSync(CAPTURE);
const LINKTYPE_RAW = 101;

if (!HAS_CAPTURE) process.stdout.write(`${CAPTURE} is absent: only the packets of packets.ts are used\n`);

/** Frame n is the n-th of PACKETS. */
export const WRITTEN_FRAMES: readonly Frame[] = Object.values(PACKETS).map((bytes, index) =>
  rawFrame(index + 1, bytes),
);

export const FRAMES: readonly Frame[] = [
  ...(HAS_CAPTURE ? readCapture(CAPTURE) : []),
  ...WRITTEN_FRAMES.map(frame => ({ ...frame, number: frame.number + 100_000 })),
];

export function rawFrame(number: number, bytes: Uint8Array): Frame {
  return { number, linkType: LINKTYPE_RAW, capturedLength: bytes.length, originalLength: bytes.length, bytes };
}
