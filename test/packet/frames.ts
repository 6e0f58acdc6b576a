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
const FIRST_WRITTEN = 100_001;

if (!HAS_CAPTURE) process.stdout.write(`${CAPTURE} is absent: only the packets of packets.ts are used\n`);

/** The n-th of PACKETS is frame 100,000 + n: no captured one has such a number. */
export const WRITTEN_FRAMES: readonly Frame[] = Object.values(PACKETS).map((bytes, index) =>
  rawFrame(FIRST_WRITTEN + index, bytes),
);

export const FRAMES: readonly Frame[] = [...(HAS_CAPTURE ? readCapture(CAPTURE) : []), ...WRITTEN_FRAMES];

export function rawFrame(number: number, bytes: Uint8Array): Frame {
  return { number, linkType: LINKTYPE_RAW, capturedLength: bytes.length, originalLength: bytes.length, bytes };
}
