// Netlink messages (struct nlmsghdr: u32 length, u16 type, u16 flags, u32 sequence, u32 port id; host byte order) and
// the datagrams that carry one or many of them.

import { align, HOST_IS_LITTLE_ENDIAN, readU16, readU32 } from './attribute';
import { AttributeWriter } from './attribute-writer';
import { malformed } from './netlink-error';

export const NLMSG_HEADER = 16;
const FLAGS_OFFSET = 6;
const SEQUENCE_OFFSET = 8;

/** nlmsg_type (linux/netlink.h). */
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;

/** nlmsg_flags. Those from 0x100 on mean different things for GET, NEW, DELETE and for acknowledgements. */
export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
/** The kernel answers with what it tells those who listen for changes. */
export const NLM_F_ECHO = 0x8;
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_DUMP = 0x300;
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
export const NLM_F_APPEND = 0x800;
export const NLM_F_CAPPED = 0x100;
export const NLM_F_ACK_TLVS = 0x200;

export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly portId: number;
  /** A view of the datagram. */
  readonly payload: Uint8Array;
}

/** One message to send. The connection numbers it, so that the same request can be sent again. */
export interface Request {
  /** Such as 'dump rules', for errors. */
  readonly operation: string;
  readonly subject?: string | undefined;
  readonly bytes: Uint8Array;
}

/** Begins a message of the given type: its own fixed header and attributes follow, then closeMessage(). */
export function openMessage(writer: AttributeWriter, type: number, flags: number): number {
  const start = writer.reserve(NLMSG_HEADER);
  writer.setU16(start + 4, type);
  writer.setU16(start + FLAGS_OFFSET, flags | NLM_F_REQUEST);
  return start;
}

/** Ends the message that openMessage() began at `start`. */
export function closeMessage(writer: AttributeWriter, start: number): void {
  writer.setU32(start, writer.length - start);
}

export function encodeMessage(type: number, flags: number, write: (writer: AttributeWriter) => void): Uint8Array {
  const writer = new AttributeWriter(256);
  const start = openMessage(writer, type, flags);
  write(writer);
  closeMessage(writer, start);
  return writer.written();
}

/** Numbers the message that starts at `offset`. */
export function setSequence(bytes: Uint8Array, offset: number, sequence: number): void {
  const at = offset + SEQUENCE_OFFSET;
  for (let byte = 0; byte < 4; byte++) bytes[at + byte] = sequence >>> (8 * (HOST_IS_LITTLE_ENDIAN ? byte : 3 - byte));
}

/** Of the message that starts at `offset`. */
export function askForAcknowledgement(bytes: Uint8Array, offset: number): void {
  const lowByte = offset + FLAGS_OFFSET + (HOST_IS_LITTLE_ENDIAN ? 0 : 1);
  bytes[lowByte] = (bytes[lowByte] ?? 0) | NLM_F_ACK;
}

export function splitMessages(datagram: Uint8Array): readonly Message[] {
  const messages: Message[] = [];
  let offset = 0;
  while (offset < datagram.length) {
    const left = datagram.length - offset;
    const length = left < NLMSG_HEADER ? 0 : readU32(datagram, offset);
    if (length < NLMSG_HEADER || length > left)
      throw malformed('nlmsghdr', `a message of ${length} bytes with ${left} left`);
    messages.push({
      type: readU16(datagram, offset + 4),
      flags: readU16(datagram, offset + FLAGS_OFFSET),
      sequence: readU32(datagram, offset + SEQUENCE_OFFSET),
      portId: readU32(datagram, offset + 12),
      payload: datagram.subarray(offset + NLMSG_HEADER, offset + length),
    });
    offset += align(length);
  }
  return messages;
}
