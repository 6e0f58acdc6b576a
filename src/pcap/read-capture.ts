// Captured frames out of a file, one after the other: classic pcap and pcapng, told apart by their first four bytes.
// Written here because no maintained package keeps the link type of each frame: pcap-parser has had no release for years.

import { ByteSource } from './byte-source';
import { CaptureError, truncated } from './capture-error';
import { classicVariant, readClassic } from './classic';
import type { Frame } from './frame';
import { PCAPNG_MAGIC, readPcapng } from './pcapng';

/** Reads as it is iterated and closes the file when iteration ends. Throws CaptureError after the last whole frame. */
export function* readCapture(file: string): Generator<Frame, void, undefined> {
  const source = new ByteSource(file);
  try {
    yield* readFormat(source);
  } finally {
    source.close();
  }
}

function readFormat(source: ByteSource): Generator<Frame, void, undefined> {
  const magic = source.read(4);
  if (magic.length < 4) throw truncated(source.file, 0, "the format's magic number", magic.length, 4);
  const number = new DataView(magic.buffer).getUint32(0);
  if (number === PCAPNG_MAGIC) return readPcapng(source);
  const variant = classicVariant(number);
  if (variant !== undefined) return readClassic(source, variant);
  throw new CaptureError({
    code: 'capture.not-a-capture',
    file: source.file,
    offset: 0,
    problem: `0x${number.toString(16).padStart(8, '0')} is the magic number of neither pcap nor pcapng`,
    cure: 'give a file written by tcpdump, tshark or dumpcap; unpack a compressed one first',
  });
}
