// The classic pcap format (draft-ietf-opsawg-pcap): a 24-byte file header, then records of a 16-byte header and the
// frame. All numbers are in the byte order of the machine that wrote the file, which the magic number shows.

import type { ByteSource } from './byte-source';
import { CaptureError, damaged, truncated } from './capture-error';
import type { Frame } from './frame';

export interface ClassicVariant {
  readonly littleEndian: boolean;
}

const FILE_HEADER_SIZE = 24;
const RECORD_HEADER_SIZE = 16;
/** libpcap's MAXIMUM_SNAPLEN: no writer keeps more of a frame, so more is a record header that is none. */
const MAXIMUM_CAPTURED = 262_144;

/** By the magic number read big-endian. Micro- and nanosecond files differ in their timestamps alone. */
export function classicVariant(magic: number): ClassicVariant | undefined {
  if (magic === 0xa1b2c3d4 || magic === 0xa1b23c4d) return { littleEndian: false };
  if (magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1) return { littleEndian: true };
  return undefined;
}

/** The magic number has been read already. */
export function* readClassic(source: ByteSource, { littleEndian }: ClassicVariant): Generator<Frame, void, undefined> {
  const linkType = readLinkType(source, littleEndian);
  for (let number = 1; ; number++) {
    const offset = source.offset;
    const header = source.read(RECORD_HEADER_SIZE);
    if (header.length === 0) return;
    if (header.length < RECORD_HEADER_SIZE) {
      throw truncated(source.file, offset, `the header of frame ${number}`, header.length, RECORD_HEADER_SIZE);
    }
    const view = new DataView(header.buffer);
    const capturedLength = view.getUint32(8, littleEndian);
    const originalLength = view.getUint32(12, littleEndian);
    if (capturedLength > MAXIMUM_CAPTURED) {
      throw damaged(source.file, offset, `frame ${number} claims ${capturedLength} bytes, more than any writer keeps`);
    }
    const bytes = source.read(capturedLength);
    if (bytes.length < capturedLength) {
      throw truncated(source.file, offset, `frame ${number}`, bytes.length, capturedLength);
    }
    yield { number, linkType, capturedLength, originalLength, bytes };
  }
}

function readLinkType(source: ByteSource, littleEndian: boolean): number {
  const rest = source.read(FILE_HEADER_SIZE - 4);
  if (rest.length < FILE_HEADER_SIZE - 4) {
    throw truncated(source.file, 0, 'the file header', rest.length + 4, FILE_HEADER_SIZE);
  }
  const view = new DataView(rest.buffer);
  const major = view.getUint16(0, littleEndian);
  const minor = view.getUint16(2, littleEndian);
  // Before 2.4 some writers swapped the two lengths of a record; nothing has written those since 1998.
  if (major !== 2 || minor < 4) {
    throw new CaptureError({
      code: 'capture.unsupported',
      file: source.file,
      offset: 4,
      problem: `pcap version ${major}.${minor}; version 2.4 is read`,
      cure: 'convert the file: editcap -F pcap OLD NEW',
    });
  }
  // The upper half of the word says how long a frame check sequence the frames end with.
  return view.getUint32(16, littleEndian) & 0xffff;
}
