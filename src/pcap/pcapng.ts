// The pcapng format (draft-ietf-opsawg-pcapng): blocks of type, length, body and the length again, in sections that
// have a byte order each. Frames stand in enhanced, simple and (obsolete) packet blocks and belong to interfaces, which
// hold the link type. All other blocks are passed over, as the format asks.

import type { ByteSource } from './byte-source';
import { damaged, truncated } from './capture-error';
import type { Frame } from './frame';

/** The type of a section header block: the same bytes in both orders. */
export const PCAPNG_MAGIC = 0x0a0d0d0a;

const INTERFACE_DESCRIPTION = 1;
const PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
/** A bound on memory: Wireshark's own limit for one block. */
const MAXIMUM_BLOCK = 16 * 1024 * 1024;

interface Interface {
  readonly linkType: number;
  /** 0: frames are kept whole. */
  readonly snapLength: number;
}

interface Section {
  readonly littleEndian: boolean;
  readonly interfaces: Interface[];
}

interface Block {
  readonly type: number;
  readonly offset: number;
  readonly body: Uint8Array;
  readonly section: Section;
}

interface PacketRecord {
  readonly interfaceIndex: number;
  readonly capturedLength: number;
  readonly originalLength: number;
  /** Where in the block's body the frame begins. */
  readonly dataOffset: number;
}

/** The type of the first section header has been read already. */
export function* readPcapng(source: ByteSource): Generator<Frame, void, undefined> {
  let number = 0;
  for (const block of readBlocks(source)) {
    if (block.type === INTERFACE_DESCRIPTION) {
      block.section.interfaces.push(readInterface(source.file, block));
      continue;
    }
    const record = readPacketRecord(source.file, block);
    if (record !== undefined) yield frameOf(source.file, ++number, block, record);
  }
}

/** The blocks after the section headers, each with the section it stands in. */
function* readBlocks(source: ByteSource): Generator<Block, void, undefined> {
  let section = readSectionHeader(source, 0);
  for (;;) {
    const offset = source.offset;
    const head = source.read(4);
    if (head.length === 0) return;
    if (head.length < 4) throw truncated(source.file, offset, "a block's type", head.length, 4);
    const type = viewOf(head).getUint32(0, section.littleEndian);
    if (type === PCAPNG_MAGIC) {
      section = readSectionHeader(source, offset);
    } else {
      yield { type, offset, body: readBody(source, offset, section.littleEndian, source.read(4)), section };
    }
  }
}

function readSectionHeader(source: ByteSource, offset: number): Section {
  const lengthBytes = source.read(4);
  const orderBytes = source.read(4);
  if (orderBytes.length < 4)
    throw truncated(source.file, offset, 'a section header', 4 + lengthBytes.length + orderBytes.length, 28);
  const order = viewOf(orderBytes).getUint32(0);
  if (order !== 0x1a2b3c4d && order !== 0x4d3c2b1a) {
    throw damaged(source.file, offset, `a section header without the byte-order magic`);
  }
  const littleEndian = order === 0x4d3c2b1a;
  readBody(source, offset, littleEndian, lengthBytes, orderBytes.length);
  return { littleEndian, interfaces: [] };
}

/** What lies between the two lengths of a block, both checked; `already` bytes of it have been read. */
function readBody(
  source: ByteSource,
  offset: number,
  littleEndian: boolean,
  lengthBytes: Uint8Array,
  already = 0,
): Uint8Array {
  if (lengthBytes.length < 4) throw truncated(source.file, offset, "a block's length", lengthBytes.length, 4);
  const total = viewOf(lengthBytes).getUint32(0, littleEndian);
  if (total < 12 + already || total % 4 !== 0 || total > MAXIMUM_BLOCK) {
    throw damaged(source.file, offset, `a block claims ${total} bytes`);
  }
  const rest = source.read(total - 8 - already);
  if (rest.length < total - 8 - already) {
    throw truncated(source.file, offset, 'a block', 8 + already + rest.length, total);
  }
  const repeated = viewOf(rest).getUint32(rest.length - 4, littleEndian);
  if (repeated !== total) throw damaged(source.file, offset, `a block of ${total} bytes ends as one of ${repeated}`);
  return rest.subarray(0, rest.length - 4);
}

function readInterface(file: string, { body, offset, section }: Block): Interface {
  if (body.length < 8) throw damaged(file, offset, 'an interface description without a link type');
  const view = viewOf(body);
  return { linkType: view.getUint16(0, section.littleEndian), snapLength: view.getUint32(4, section.littleEndian) };
}

/** undefined: the block holds no frame. */
function readPacketRecord(file: string, { type, body, offset, section }: Block): PacketRecord | undefined {
  const { littleEndian, interfaces } = section;
  if (type !== ENHANCED_PACKET && type !== PACKET && type !== SIMPLE_PACKET) return undefined;
  const dataOffset = type === SIMPLE_PACKET ? 4 : 20;
  if (body.length < dataOffset) throw damaged(file, offset, 'a packet block shorter than its fields');
  const view = viewOf(body);
  if (type === SIMPLE_PACKET) {
    const originalLength = view.getUint32(0, littleEndian);
    const snapLength = interfaces[0]?.snapLength ?? 0;
    const capturedLength = snapLength === 0 ? originalLength : Math.min(originalLength, snapLength);
    return { interfaceIndex: 0, capturedLength, originalLength, dataOffset };
  }
  return {
    interfaceIndex: type === PACKET ? view.getUint16(0, littleEndian) : view.getUint32(0, littleEndian),
    capturedLength: view.getUint32(12, littleEndian),
    originalLength: view.getUint32(16, littleEndian),
    dataOffset,
  };
}

function frameOf(file: string, number: number, { body, offset, section }: Block, record: PacketRecord): Frame {
  const { interfaceIndex, capturedLength, originalLength, dataOffset } = record;
  const on = section.interfaces[interfaceIndex];
  if (on === undefined) throw damaged(file, offset, `frame ${number} is of interface ${interfaceIndex}, not described`);
  if (capturedLength > body.length - dataOffset) {
    throw damaged(
      file,
      offset,
      `frame ${number} claims ${capturedLength} bytes, its block has ${body.length - dataOffset}`,
    );
  }
  const bytes = body.slice(dataOffset, dataOffset + capturedLength);
  return { number, linkType: on.linkType, capturedLength, originalLength, bytes };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
