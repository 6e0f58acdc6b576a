// Netlink attributes (struct nlattr: u16 length, u16 type, payload, padding to 4 bytes), read strictly: a wrong length is
// an error, and an attribute that nobody took stays there to be reported. Lengths and types are in host byte order,
// payloads in the order that the method's name says (nf_tables: big endian, rtnetlink: host).

import { endianness } from 'node:os';
import { malformed } from './netlink-error';

export const HOST_IS_LITTLE_ENDIAN = endianness() === 'LE';

/** Only marks the payload as nested attributes (linux/netlink.h). */
export const NLA_F_NESTED = 0x8000;
const NLA_F_NET_BYTEORDER = 0x4000;
const NLA_TYPE_MASK = ~(NLA_F_NESTED | NLA_F_NET_BYTEORDER) & 0xffff;
export const NLA_HEADER = 4;

/** Netlink headers, messages and attributes all start at multiples of 4. */
export function align(length: number): number {
  return (length + 3) & ~3;
}

export interface Attribute {
  readonly type: number;
  readonly payload: Uint8Array;
}

/** Attributes by type. Reading one takes it out: what is left at the end is what the reader does not know. */
export class Attributes {
  readonly #view: DataView;
  readonly #start: number;
  readonly #end: number;
  /** Type, begin and end of each, one after the other: nests are short, and a dump has a hundred thousand of them. */
  readonly #ranges: number[] = [];

  /** Those in `bytes`; `place` names the message or nest in errors. */
  static of(bytes: Uint8Array, place: string): Attributes {
    return new Attributes(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength, place);
  }

  private constructor(
    view: DataView,
    start: number,
    end: number,
    readonly place: string,
  ) {
    this.#view = view;
    this.#start = start;
    this.#end = end;
    scan(view, start, end, place, (type, begin, length) => this.#ranges.push(type, begin, begin + length));
  }

  has(type: number): boolean {
    return this.#find(type) !== undefined;
  }

  u8(type: number): number | undefined {
    const begin = this.#takeSized(type, 1);
    return begin === undefined ? undefined : this.#view.getUint8(begin);
  }

  u16be(type: number): number | undefined {
    const begin = this.#takeSized(type, 2);
    return begin === undefined ? undefined : this.#view.getUint16(begin);
  }

  u32be(type: number): number | undefined {
    const begin = this.#takeSized(type, 4);
    return begin === undefined ? undefined : this.#view.getUint32(begin);
  }

  s32be(type: number): number | undefined {
    const begin = this.#takeSized(type, 4);
    return begin === undefined ? undefined : this.#view.getInt32(begin);
  }

  u64be(type: number): bigint | undefined {
    const begin = this.#takeSized(type, 8);
    return begin === undefined ? undefined : this.#view.getBigUint64(begin);
  }

  /** Host byte order. */
  u32(type: number): number | undefined {
    const begin = this.#takeSized(type, 4);
    return begin === undefined ? undefined : this.#view.getUint32(begin, HOST_IS_LITTLE_ENDIAN);
  }

  /** Up to the first NUL. */
  string(type: number): string | undefined {
    const range = this.#take(type);
    return range === undefined ? undefined : text(this.#view, range.begin, range.end);
  }

  /** A copy: datagrams are large and short-lived, specifications small and long-lived. */
  bytes(type: number): Uint8Array | undefined {
    const range = this.#take(type);
    return range === undefined ? undefined : this.#copy(range.begin, range.end);
  }

  nested(type: number): Attributes | undefined {
    const range = this.#take(type);
    return range === undefined ? undefined : this.#nest(type, range.begin, range.end);
  }

  /** The nests in a nest where order counts and types repeat. */
  list(type: number): readonly Attributes[] | undefined {
    const range = this.#take(type);
    if (range === undefined) return undefined;
    const members: Attributes[] = [];
    scan(this.#view, range.begin, range.end, this.place, (_, begin, length) => {
      members.push(this.#nest(type, begin, begin + length));
    });
    return members;
  }

  /** For a member that the kernel always sends. */
  required<T>(value: T | undefined, name: string): T {
    if (value === undefined) throw malformed(this.place, `${name} is missing`);
    return value;
  }

  /** What nobody took; undefined when that is nothing. */
  rest(): readonly Attribute[] | undefined {
    const rest: Attribute[] = [];
    for (let at = 0; at < this.#ranges.length; at += 3) {
      const type = this.#ranges[at] ?? TAKEN;
      if (type !== TAKEN)
        rest.push({ type, payload: this.#copy(this.#ranges[at + 1] ?? 0, this.#ranges[at + 2] ?? 0) });
    }
    return rest.length === 0 ? undefined : rest;
  }

  /** All bytes, also of what was taken. */
  raw(): Uint8Array {
    return this.#copy(this.#start, this.#end);
  }

  #takeSized(type: number, size: number): number | undefined {
    const range = this.#take(type);
    if (range === undefined) return undefined;
    const length = range.end - range.begin;
    if (length !== size) throw malformed(this.place, `attribute ${type} has ${length} bytes, not ${size}`);
    return range.begin;
  }

  #take(type: number): { begin: number; end: number } | undefined {
    const at = this.#find(type);
    if (at === undefined) return undefined;
    this.#ranges[at] = TAKEN;
    return { begin: this.#ranges[at + 1] ?? 0, end: this.#ranges[at + 2] ?? 0 };
  }

  /** Of a type that is there twice the last counts, as for the kernel. */
  #find(type: number): number | undefined {
    for (let at = this.#ranges.length - 3; at >= 0; at -= 3) if (this.#ranges[at] === type) return at;
    return undefined;
  }

  #nest(type: number, begin: number, end: number): Attributes {
    return new Attributes(this.#view, begin, end, `${this.place}/${type}`);
  }

  #copy(begin: number, end: number): Uint8Array {
    const { buffer, byteOffset } = this.#view;
    return new Uint8Array(buffer.slice(byteOffset + begin, byteOffset + end));
  }
}

/** No type: they have 14 bits. */
const TAKEN = -1;

const UTF8 = new TextDecoder();

/** The kernel's names are short ASCII, which a decoder would take ten times as long for. */
function text(view: DataView, begin: number, end: number): string {
  let ascii = '';
  for (let at = begin; at < end; at++) {
    const byte = view.getUint8(at);
    if (byte === 0) return ascii;
    if (byte >= 0x80) return utf8(new Uint8Array(view.buffer, view.byteOffset + begin, end - begin));
    ascii += String.fromCharCode(byte);
  }
  return ascii;
}

function utf8(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return UTF8.decode(end === -1 ? bytes : bytes.subarray(0, end));
}

/** Payloads are views of `bytes`. */
export function splitAttributes(bytes: Uint8Array, place: string): readonly Attribute[] {
  const attributes: Attribute[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  scan(view, 0, bytes.byteLength, place, (type, begin, length) => {
    attributes.push({ type, payload: bytes.subarray(begin, begin + length) });
  });
  return attributes;
}

type Visit = (type: number, begin: number, length: number) => void;

function scan(view: DataView, start: number, end: number, place: string, visit: Visit): void {
  let offset = start;
  while (offset < end) {
    const left = end - offset;
    if (left < NLA_HEADER) throw malformed(place, `${left} bytes after the last attribute`);
    const length = view.getUint16(offset, HOST_IS_LITTLE_ENDIAN);
    if (length < NLA_HEADER || length > left)
      throw malformed(place, `an attribute of ${length} bytes with ${left} left`);
    const type = view.getUint16(offset + 2, HOST_IS_LITTLE_ENDIAN) & NLA_TYPE_MASK;
    visit(type, offset + NLA_HEADER, length - NLA_HEADER);
    offset += align(length);
  }
}

/** Host byte order, as is readU32. */
export function readU16(bytes: Uint8Array, offset: number): number {
  const buffer = asBuffer(bytes);
  return HOST_IS_LITTLE_ENDIAN ? buffer.readUInt16LE(offset) : buffer.readUInt16BE(offset);
}

export function readU32(bytes: Uint8Array, offset: number): number {
  const buffer = asBuffer(bytes);
  return HOST_IS_LITTLE_ENDIAN ? buffer.readUInt32LE(offset) : buffer.readUInt32BE(offset);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
